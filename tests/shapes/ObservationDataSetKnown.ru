DELETE DATA { </id/obs/example-households/141178/2024-01> qb:dataSet </id/dataset/example-households> } ;
INSERT DATA { </id/obs/example-households/141178/2024-01> qb:dataSet </id/dataset/unknown> }
