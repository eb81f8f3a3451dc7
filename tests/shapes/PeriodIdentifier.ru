# also: PeriodNotation
DELETE DATA { </id/period/2024-01> dct:identifier "2024-01" }
