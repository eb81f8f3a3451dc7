DELETE DATA { </id/facility/141003-disaster-base-0009> wgs:long 139.6622135 } ;
INSERT DATA { </id/facility/141003-disaster-base-0009> wgs:long 139.66 }
