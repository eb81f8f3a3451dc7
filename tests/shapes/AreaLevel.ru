DELETE DATA { </id/area/141178-t0001> dct:type </code/area-level/town> }
