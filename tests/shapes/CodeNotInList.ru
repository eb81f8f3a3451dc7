DELETE DATA { </id/obs/example-population/141178/2024-01/M/TOTAL> sdmx-attribute:obsStatus sdmx-code:obsStatus-A } ;
INSERT DATA { </id/obs/example-population/141178/2024-01/M/TOTAL> sdmx-attribute:obsStatus sdmx-code:sex-F }
