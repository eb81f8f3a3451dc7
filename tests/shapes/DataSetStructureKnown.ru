DELETE DATA { </id/dataset/example-households> qb:structure </id/dsd/example-households> } ;
INSERT DATA { </id/dataset/example-households> qb:structure </id/dsd/unknown> }
