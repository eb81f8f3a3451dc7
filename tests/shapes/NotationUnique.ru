DELETE DATA { </code/example/b> skos:notation "b" } ;
INSERT DATA { </code/example/b> skos:notation "a" }
