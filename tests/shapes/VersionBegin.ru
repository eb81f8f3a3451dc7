# also: VersionBeginsWithChange
DELETE DATA { </id/area/141135/version/1969-10-01> dct:issued "1969-10-01"^^xsd:date }
