DELETE DATA { </id/source/example/example.csv> spdx:checksum </id/source/example/example.csv#checksum> }
