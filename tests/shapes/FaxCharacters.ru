INSERT DATA { </id/facility/141003-disaster-base-0009> schema:faxNumber "０４５-671-2121" }
