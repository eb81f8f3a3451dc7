INSERT DATA { </code/example/a> skos:notation "A" }
