# also: AreasAddUp DimensionMissing
DELETE DATA { </id/obs/example-population/141135/2024-02/T/TOTAL> sdmx-dimension:age </code/age/total> }
