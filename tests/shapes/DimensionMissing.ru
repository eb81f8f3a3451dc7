INSERT DATA { </id/dsd/example-population#10> a qb:ComponentSpecification ; qb:order 10 ; qb:dimension yk:households ; yk:codeCollection sdmx-code:sex .
  </id/dsd/example-population> qb:component </id/dsd/example-population#10> }
