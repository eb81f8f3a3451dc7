# also: VersionsDoNotOverlap
DELETE DATA { </id/area/141135/version/1969-10-01> dct:issued "1969-10-01"^^xsd:date . </id/area-change/1969-10-01-midori> dct:date "1969-10-01"^^xsd:date } ;
INSERT DATA { </id/area/141135/version/1969-10-01> dct:issued "1994-11-06"^^xsd:date . </id/area-change/1969-10-01-midori> dct:date "1994-11-06"^^xsd:date }
