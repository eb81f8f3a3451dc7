DELETE DATA { </id/geometry/area/141178-t0001/example> geo:asWKT "POINT(139.5301 35.5501)"^^geo:wktLiteral }
