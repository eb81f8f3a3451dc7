DELETE DATA { yk:example rdfs:comment "プロパティの例。"@ja }
