INSERT DATA { </code/period/collection/month> skos:member </id/period/2024-13> } ;
DELETE DATA { </id/obs/example-households/141178/2024-01> sdmx-dimension:refPeriod </id/period/2024-01> } ;
INSERT DATA { </id/obs/example-households/141178/2024-01> sdmx-dimension:refPeriod </id/period/2024-13> }
