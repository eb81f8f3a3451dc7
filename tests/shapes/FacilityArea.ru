# also: AddressWardShape FacilityWard
DELETE DATA { </id/facility/141003-disaster-base-0009> schema:containedInPlace </id/area/141011> }
