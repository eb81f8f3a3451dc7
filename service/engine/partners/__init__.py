"""SERVICE for the endpoints that an operator allows (SPARQL 1.1 Federated Query): workers never ask."""
