# also: DimensionMissing
DELETE DATA { </id/obs/example-households/141178/2024-01> sdmx-dimension:refPeriod </id/period/2024-01> }
