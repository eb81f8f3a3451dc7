# also: VersionBeginsWithChange
DELETE DATA { </id/area/141178/version/1994-11-06> dct:issued "1994-11-06"^^xsd:date } ;
INSERT DATA { </id/area/141178/version/1994-11-06> dct:issued "1994-11-06" }
