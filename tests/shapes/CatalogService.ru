DELETE DATA { </id/catalog> dcat:service </id/service/sparql> }
