# also: AddressWardShape
DELETE DATA { </id/facility/141003-disaster-base-0009> ic:住所 </id/facility/141003-disaster-base-0009#address> }
