DELETE DATA { </code/example/a> skos:inScheme </code/example> }
