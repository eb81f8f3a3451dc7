DELETE DATA { </id/dataset/example> dct:accrualPeriodicity frequency:IRREG }
