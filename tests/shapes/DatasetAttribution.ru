DELETE DATA { </id/dataset/example> dct:rights </id/dataset/example#rights> }
