# example: vocabulary
DELETE DATA { </code/example/a> skos:prefLabel "例のa"@ja }
