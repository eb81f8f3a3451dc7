DELETE DATA { yk:example rdfs:isDefinedBy </def/core> }
