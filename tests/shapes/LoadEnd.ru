DELETE DATA { </id/load/20240101T000000Z-example> prov:endedAtTime "2024-01-01T00:00:01Z"^^xsd:dateTime }
