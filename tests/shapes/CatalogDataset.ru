DELETE DATA { </id/catalog> dcat:dataset </id/dataset/example> }
