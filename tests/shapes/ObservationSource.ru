DELETE DATA { </id/obs/example-population/141178/2024-01/M/TOTAL> prov:wasDerivedFrom </id/source/example/example.csv#cell=5,5> }
