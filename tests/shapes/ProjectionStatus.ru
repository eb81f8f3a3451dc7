INSERT DATA { </code/population-basis/projection> skos:notation "projection" .
  </id/obs/example-households/141178/2024-01> yk:populationBasis </code/population-basis/projection> }
