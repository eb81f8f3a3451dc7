DELETE DATA { </id/facility/141003-disaster-base-0009> dct:identifier "141003-disaster-base-0009" } ;
INSERT DATA { </id/facility/141003-disaster-base-0009> dct:identifier "disaster-base-9" }
