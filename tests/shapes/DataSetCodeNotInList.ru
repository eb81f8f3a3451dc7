DELETE DATA { </id/dataset/example-population> yk:populationBasis </code/population-basis/register> } ;
INSERT DATA { </id/dataset/example-population> yk:populationBasis </code/area-level/ward> }
