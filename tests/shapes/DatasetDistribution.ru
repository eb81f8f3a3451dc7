DELETE DATA { </id/dataset/example> dcat:distribution </id/distribution/example-nt> }
