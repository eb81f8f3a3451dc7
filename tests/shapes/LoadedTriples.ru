DELETE DATA { </graph/data/example/2024-10-01> void:triples 1 }
