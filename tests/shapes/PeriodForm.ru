# also: PeriodBeginsAsNamed
DELETE DATA { </id/period/2024-01> dct:identifier "2024-01" ; skos:notation "2024-01" } ;
INSERT DATA { </id/period/2024-01> dct:identifier "2024-13" ; skos:notation "2024-13" }
