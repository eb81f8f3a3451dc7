DELETE DATA { </id/dataset/example> dct:modified "2024-10-01"^^xsd:date }
