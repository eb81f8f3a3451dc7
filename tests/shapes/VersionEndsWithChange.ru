DELETE DATA { </id/area/141135/version/1969-10-01> dct:valid "1994-11-06"^^xsd:date } ;
INSERT DATA { </id/area/141135/version/1969-10-01> dct:valid "1994-11-05"^^xsd:date }
