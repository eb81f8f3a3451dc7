DELETE DATA { </id/period/2024-01#end> time:inXSDDate "2024-02-01"^^xsd:date } ;
INSERT DATA { </id/period/2024-01#end> time:inXSDDate "2024-01-01"^^xsd:date }
