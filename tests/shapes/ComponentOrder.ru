DELETE DATA { </id/dsd/example-population#6> qb:order 6 }
