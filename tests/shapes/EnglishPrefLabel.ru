# example: vocabulary
DELETE DATA { </code/example/a> skos:prefLabel "example a"@en }
