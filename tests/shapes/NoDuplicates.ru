DELETE DATA { </id/obs/example-population/141178/2024-01/F/TOTAL> sdmx-dimension:sex sdmx-code:sex-F } ;
INSERT DATA { </id/obs/example-population/141178/2024-01/F/TOTAL> sdmx-dimension:sex sdmx-code:sex-M }
