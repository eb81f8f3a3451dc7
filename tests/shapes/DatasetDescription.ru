DELETE DATA { </id/dataset/example> dct:description "説明の例。"@ja }
