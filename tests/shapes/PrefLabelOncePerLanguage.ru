INSERT DATA { </code/example/a> skos:prefLabel "もう1つのa"@ja }
