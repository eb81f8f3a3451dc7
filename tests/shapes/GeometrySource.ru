DELETE DATA { </id/geometry/area/141178-t0001/example> dct:source </id/source/areas/aoba.json#/0> }
