DELETE DATA { </id/source/example/example.csv> dct:title "example.csv" }
