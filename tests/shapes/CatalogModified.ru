DELETE DATA { </id/catalog> dct:modified "2024-10-01"^^xsd:date }
