DELETE DATA { label-shape:Example sh:message "名称を付けること。"@ja }
