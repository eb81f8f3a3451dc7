# also: PeriodKind
INSERT DATA { </id/period/2024-01> dct:type </code/area-level/ward> }
