DELETE DATA { </id/facility/141003-disaster-base-0009> wgs:lat 35.53397133 } ;
INSERT DATA { </id/facility/141003-disaster-base-0009> wgs:lat 35.53 }
