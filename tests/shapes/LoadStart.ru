DELETE DATA { </id/load/20240101T000000Z-example> prov:startedAtTime "2024-01-01T00:00:00Z"^^xsd:dateTime }
