DELETE DATA { label-shape:Example sh:severity sh:Warning }
