DELETE DATA { </id/dataset/example> dct:publisher </id/org/yokohama-city> }
