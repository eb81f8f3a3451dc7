DELETE DATA { </id/dataset/example> prov:wasDerivedFrom </id/source/example/example.csv> }
