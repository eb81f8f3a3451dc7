DELETE DATA { </id/area/141178> dct:identifier "141178" } ;
INSERT DATA { </id/area/141178> dct:identifier "141179" }
