DELETE DATA { </id/org/yokohama-city> dct:identifier "3000020141003" }
