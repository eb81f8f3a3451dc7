DELETE DATA { </id/obs/example-population/141003/2024-02/T/TOTAL> estat-measure:population 303 } ;
INSERT DATA { </id/obs/example-population/141003/2024-02/T/TOTAL> estat-measure:population 304 }
