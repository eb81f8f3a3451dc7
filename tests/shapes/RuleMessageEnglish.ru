DELETE DATA { label-shape:Example sh:message "Give a label."@en }
