INSERT DATA { </id/facility/141003-disaster-base-0009#address> ic:郵便番号 "2300012" }
