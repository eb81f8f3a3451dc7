DELETE DATA { </id/facility/141003-disaster-base-0009> wgs:lat 35.53397133 } ;
INSERT DATA { </id/facility/141003-disaster-base-0009> wgs:lat 43.214176 } ;
DELETE DATA { </id/geometry/facility/141003-disaster-base-0009> geo:asWKT "POINT(139.6622135 35.53397133)"^^geo:wktLiteral } ;
INSERT DATA { </id/geometry/facility/141003-disaster-base-0009> geo:asWKT "POINT(139.6622135 43.214176)"^^geo:wktLiteral }
