DELETE DATA { </id/facility/141003-disaster-base-0009#address> ic:郵便番号 "2300011" } ;
INSERT DATA { </id/facility/141003-disaster-base-0009#address> ic:郵便番号 "230-0011" }
