DELETE DATA { </id/facility/141003-disaster-base-0009> prov:wasDerivedFrom </id/source/disaster-shelters/hinanjo_20260401.csv#row=10> }
