DELETE DATA { </id/facility/141003-hospital-0001#hours> schema:closes "17:00:00"^^xsd:time } ;
INSERT DATA { </id/facility/141003-hospital-0001#hours> schema:closes "25:00:00"^^xsd:time }
