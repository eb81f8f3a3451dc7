DELETE DATA { </id/service/sparql> dcat:endpointDescription </sparql/description> }
