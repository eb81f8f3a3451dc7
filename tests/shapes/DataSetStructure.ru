# also: MeasureMissing
INSERT DATA { </id/dataset/example-population> qb:structure </id/dsd/example-households> }
