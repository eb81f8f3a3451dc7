DELETE DATA { </id/event/141003-0001> schema:startDate "2026-03-01T10:00:00"^^xsd:dateTime ; schema:endDate "2026-03-01T16:00:00"^^xsd:dateTime } ;
INSERT DATA { </id/event/141003-0001> schema:startDate "1926-03-01"^^xsd:date ; schema:endDate "1926-03-01"^^xsd:date }
