DELETE DATA { </id/obs/example-population/141178/2024-01/M/TOTAL> estat-measure:population 90 } ;
INSERT DATA { </id/obs/example-population/141178/2024-01/M/TOTAL> sdmx-attribute:confStatus sdmx-code:confStatus-C }
