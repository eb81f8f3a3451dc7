# also: VersionEndsWithChange VersionsDoNotOverlap
INSERT DATA { </id/area/141135/version/1969-10-01> dct:valid "1994-11-07"^^xsd:date }
