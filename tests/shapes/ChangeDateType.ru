# also: VersionBeginsWithChange
DELETE DATA { </id/area-change/1969-10-01-midori> dct:date "1969-10-01"^^xsd:date } ;
INSERT DATA { </id/area-change/1969-10-01-midori> dct:date "1969-10-32"^^xsd:date }
