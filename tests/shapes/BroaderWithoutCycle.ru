INSERT DATA { </code/example/total> skos:broader </code/example/a> }
