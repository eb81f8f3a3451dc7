DELETE DATA { </id/source/example/example.csv> dct:publisher </id/org/yokohama-city> }
