DELETE DATA { </id/source/example/example.csv#checksum> spdx:checksumValue "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"^^xsd:hexBinary } ;
INSERT DATA { </id/source/example/example.csv#checksum> spdx:checksumValue "e3b0c44298fc1c14"^^xsd:hexBinary }
