DELETE DATA { </id/service/sparql> dcat:servesDataset </id/dataset/example> }
