# also: EventOrder
DELETE DATA { </id/event/141003-0001> schema:endDate "2026-03-01T16:00:00"^^xsd:dateTime } ;
INSERT DATA { </id/event/141003-0001> schema:endDate "3月1日" }
