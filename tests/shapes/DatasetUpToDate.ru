DELETE DATA { </id/dataset/example> dct:accrualPeriodicity frequency:IRREG } ;
INSERT DATA { frequency:ANNUAL a dct:Frequency . </id/dataset/example> dct:accrualPeriodicity frequency:ANNUAL } ;
DELETE DATA { </id/dataset/example> dct:modified "2024-10-01"^^xsd:date } ;
INSERT DATA { </id/dataset/example> dct:modified "2018-10-01"^^xsd:date }
