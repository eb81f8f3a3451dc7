DELETE DATA { </id/facility/141003-hospital-0001#hours> schema:opens "09:00:00"^^xsd:time } ;
INSERT DATA { </id/facility/141003-hospital-0001#hours> schema:opens "09時" }
