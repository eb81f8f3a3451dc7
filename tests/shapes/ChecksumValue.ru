INSERT DATA { </id/source/example/example.csv#checksum> spdx:checksumValue "0000000000000000000000000000000000000000000000000000000000000000"^^xsd:hexBinary }
