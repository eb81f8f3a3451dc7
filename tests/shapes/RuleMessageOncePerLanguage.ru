INSERT DATA { label-shape:Example sh:message "Write a label."@en }
