DELETE DATA { </id/obs/example-population/141178/2024-01/T/TOTAL> yk:refAreaVersion </id/area/141178/version/1994-11-06> } ;
INSERT DATA { </id/obs/example-population/141178/2024-01/T/TOTAL> yk:refAreaVersion </id/area/141135/version/1994-11-06> }
