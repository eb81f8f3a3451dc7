# example: catalogue
DELETE DATA { </id/dataset/example> dct:title "データセットの例"@ja }
