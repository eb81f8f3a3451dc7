# also: EventOrder
DELETE DATA { </id/event/141003-0001> schema:startDate "2026-03-01T10:00:00"^^xsd:dateTime } ;
INSERT DATA { </id/event/141003-0001> schema:startDate "3月1日" }
