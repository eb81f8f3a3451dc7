DELETE DATA { </code/example/a> skos:inScheme </code/example> } ;
INSERT DATA { </code/example/a> skos:inScheme </code/unknown> }
