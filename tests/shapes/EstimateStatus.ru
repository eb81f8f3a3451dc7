INSERT DATA { </code/population-basis/estimate> skos:notation "estimate" .
  </id/obs/example-households/141178/2024-01> yk:populationBasis </code/population-basis/estimate> }
