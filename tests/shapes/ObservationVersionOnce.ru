INSERT DATA { </id/obs/example-population/141178/2024-01/T/TOTAL> yk:refAreaVersion </id/area/141178/version/1994-11-07> .
  </id/area/141178/version/1994-11-07> prov:specializationOf </id/area/141178> }
