# also: AreaLevel
INSERT DATA { </id/area/141135> dct:type </code/theme/population-households> }
