# also: AreasAddUp
INSERT DATA { </id/obs/example-population/141135/2024-02/T/TOTAL> estat-measure:population 102 }
