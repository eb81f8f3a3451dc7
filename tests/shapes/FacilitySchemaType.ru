DELETE DATA { </id/facility/141003-disaster-base-0009> a schema:CivicStructure }
