# example: catalogue
DELETE DATA { </id/dataset/example> dct:title "Example of a data set"@en }
