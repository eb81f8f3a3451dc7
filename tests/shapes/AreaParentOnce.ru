INSERT DATA { </id/area/141178-t0001> dct:isPartOf </id/area/141135> }
