INSERT DATA { [] a sh:PropertyShape ; rdfs:label "名前のない規則"@ja , "rule without a name"@en ; sh:severity sh:Info ;
  sh:message "名称を付けること。"@ja , "Give a label."@en }
