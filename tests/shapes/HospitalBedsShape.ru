DELETE DATA { </id/facility/141003-hospital-0001> yk:bedCount 120 } ;
INSERT DATA { </id/facility/141003-hospital-0001> yk:bedCount 19 }
