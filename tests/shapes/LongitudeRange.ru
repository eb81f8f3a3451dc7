DELETE DATA { </id/facility/141003-disaster-base-0009> wgs:long 139.6622135 } ;
INSERT DATA { </id/facility/141003-disaster-base-0009> wgs:long 141.012177 } ;
DELETE DATA { </id/geometry/facility/141003-disaster-base-0009> geo:asWKT "POINT(139.6622135 35.53397133)"^^geo:wktLiteral } ;
INSERT DATA { </id/geometry/facility/141003-disaster-base-0009> geo:asWKT "POINT(141.012177 35.53397133)"^^geo:wktLiteral }
