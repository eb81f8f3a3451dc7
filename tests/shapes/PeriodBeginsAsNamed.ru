DELETE DATA { </id/period/2024-01#begin> time:inXSDDate "2024-01-01"^^xsd:date } ;
INSERT DATA { </id/period/2024-01#begin> time:inXSDDate "2024-01-02"^^xsd:date }
