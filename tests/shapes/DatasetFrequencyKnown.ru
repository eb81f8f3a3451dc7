DELETE DATA { </id/dataset/example> dct:accrualPeriodicity frequency:ANNUAL } ;
INSERT DATA { </id/dataset/example> dct:accrualPeriodicity frequency:SOMETIMES }
