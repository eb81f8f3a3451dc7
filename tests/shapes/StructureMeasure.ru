# also: ComponentProperty
DELETE DATA { </id/dsd/example-households#3> qb:measure yk:households }
