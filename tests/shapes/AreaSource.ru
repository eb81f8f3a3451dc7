DELETE DATA { </id/area/141178> prov:wasDerivedFrom </id/source/areas/local_gov_codes.json#/13/municipalities/0/wards/16> }
