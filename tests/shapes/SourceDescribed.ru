INSERT DATA { </id/dataset/example#rights> prov:wasDerivedFrom </id/source/example/other.csv#row=1> }
