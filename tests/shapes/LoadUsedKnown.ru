INSERT DATA { </id/load/20240101T000000Z-example> prov:used </id/source/example/other.csv> }
