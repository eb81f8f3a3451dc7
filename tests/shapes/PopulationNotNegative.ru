# also: AreasAddUp MonthlyChange
DELETE DATA { </id/obs/example-population/141178/2024-02/T/TOTAL> estat-measure:population 202 } ;
INSERT DATA { </id/obs/example-population/141178/2024-02/T/TOTAL> estat-measure:population -202 }
