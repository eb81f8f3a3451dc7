# also: MeasureMissing
INSERT DATA { </id/dsd/example-population#6> qb:measure yk:households }
