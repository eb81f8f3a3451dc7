INSERT DATA { </id/service/sparql> dcat:servesDataset </id/dataset/unknown> }
