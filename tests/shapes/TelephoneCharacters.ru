# also: TelephoneForm
DELETE DATA { </id/facility/141003-disaster-base-0009> schema:telephone "045-671-2121" } ;
INSERT DATA { </id/facility/141003-disaster-base-0009> schema:telephone "０４５-671-2121" }
