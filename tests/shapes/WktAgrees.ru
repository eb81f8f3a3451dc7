# example: facility catalogue
# also: PointInWard SourceDescribed
# pyshacl lets pass: PointInWard
DELETE DATA { </id/geometry/facility/141003-disaster-base-0009> geo:asWKT "POINT(139.6622135 35.53397133)"^^geo:wktLiteral } ;
INSERT DATA { </id/geometry/facility/141003-disaster-base-0009> geo:asWKT "POINT(35.53397133 139.6622135)"^^geo:wktLiteral }
