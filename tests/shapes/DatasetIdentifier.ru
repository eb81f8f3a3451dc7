DELETE DATA { </id/dataset/example> dct:identifier "example" }
