DELETE DATA { </id/load/20240101T000000Z-example> prov:endedAtTime "2024-01-01T00:00:01Z"^^xsd:dateTime } ;
INSERT DATA { </id/load/20240101T000000Z-example> prov:endedAtTime "2023-12-31T23:59:59Z"^^xsd:dateTime }
