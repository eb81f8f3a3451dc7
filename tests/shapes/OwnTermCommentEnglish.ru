DELETE DATA { yk:example rdfs:comment "An example of a property."@en }
