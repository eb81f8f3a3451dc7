DELETE DATA { </id/facility/141003-clinic-0001> yk:bedCount 19 } ;
INSERT DATA { </id/facility/141003-clinic-0001> yk:bedCount 20 }
