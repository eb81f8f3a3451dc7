DELETE DATA { </id/geometry/area/141178-t0001/example> geo:asWKT "POINT(139.53 35.55)"^^geo:wktLiteral } ;
INSERT DATA { </id/geometry/area/141178-t0001/example> geo:asWKT "POINT(139.53 35.55)" }
