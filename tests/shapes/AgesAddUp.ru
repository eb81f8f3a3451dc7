DELETE DATA { </id/obs/example-population/141178/2024-01/T/Y65T> estat-measure:population 40 } ;
INSERT DATA { </id/obs/example-population/141178/2024-01/T/Y65T> estat-measure:population 41 }
