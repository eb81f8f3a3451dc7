DELETE DATA { </id/dataset/example> dct:modified "2024-10-01"^^xsd:date } ;
INSERT DATA { </id/dataset/example> dct:modified "2024-02-30"^^xsd:date }
