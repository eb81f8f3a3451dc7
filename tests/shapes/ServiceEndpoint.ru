DELETE DATA { </id/service/sparql> dcat:endpointURL </sparql> }
