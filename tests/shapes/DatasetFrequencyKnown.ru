DELETE DATA { </id/dataset/example> dct:accrualPeriodicity frequency:IRREG } ;
INSERT DATA { </id/dataset/example> dct:accrualPeriodicity frequency:SOMETIMES }
