DELETE DATA { </id/source/example/example.csv#checksum> spdx:algorithm spdx:checksumAlgorithm_sha256 } ;
INSERT DATA { </id/source/example/example.csv#checksum> spdx:algorithm <http://spdx.org/rdf/terms#checksumAlgorithm_md5> }
