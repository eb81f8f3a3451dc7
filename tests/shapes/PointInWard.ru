# example: facility catalogue
# also: SourceDescribed
# pyshacl lets pass: PointInWard
DELETE DATA { </id/geometry/area/141011/example> geo:asWKT "POLYGON((139.64 35.48, 139.70 35.48, 139.70 35.55, 139.64 35.55, 139.64 35.48))"^^geo:wktLiteral } ;
INSERT DATA { </id/geometry/area/141011/example> geo:asWKT "POLYGON((139.64 35.48, 139.70 35.48, 139.70 35.50, 139.64 35.50, 139.64 35.48))"^^geo:wktLiteral }
