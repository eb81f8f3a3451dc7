DELETE DATA { </id/area/141178/version/1994-11-06> prov:specializationOf </id/area/141178> } ;
INSERT DATA { </id/area/141178/version/1994-11-06> prov:specializationOf </id/area/141178-x> }
