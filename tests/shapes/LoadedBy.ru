DELETE DATA { </graph/data/example/2024-10-01> prov:wasGeneratedBy </id/load/20240101T000000Z-example> } ;
INSERT DATA { </graph/data/example/2024-10-01> prov:wasGeneratedBy </id/load/unknown> }
