DELETE DATA { </id/obs/example-population/141135/2024-02/T/TOTAL> estat-measure:population 101 .
  </id/obs/example-population/141003/2024-02/T/TOTAL> estat-measure:population 303 } ;
INSERT DATA { </id/obs/example-population/141135/2024-02/T/TOTAL> estat-measure:population 111 .
  </id/obs/example-population/141003/2024-02/T/TOTAL> estat-measure:population 313 }
