DELETE DATA { </id/area/141178> geo:hasDefaultGeometry </id/geometry/area/141178/example> }
