DELETE DATA { yk:example rdfs:range xsd:integer }
