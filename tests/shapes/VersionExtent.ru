DELETE DATA { </id/area/141178/version/1994-11-06> geo:hasMetricArea 35220000.0 } ;
INSERT DATA { </id/area/141178/version/1994-11-06> geo:hasMetricArea "35.2 km2" }
