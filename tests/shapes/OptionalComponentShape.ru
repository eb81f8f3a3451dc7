INSERT DATA { </id/dsd/example-population#5> qb:componentRequired false }
