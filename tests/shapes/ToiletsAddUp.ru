DELETE DATA { </id/facility/141003-toilet-0001#women> schema:value 3 } ;
INSERT DATA { </id/facility/141003-toilet-0001#women> schema:value 4 }
