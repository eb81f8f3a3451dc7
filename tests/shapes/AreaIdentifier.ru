DELETE DATA { </id/area/141178> dct:identifier "141178" }
