INSERT DATA { </id/person/example> a foaf:Person }
