DELETE DATA { </id/facility/141003-disaster-base-0009#address> ic:区 "鶴見区" } ;
INSERT DATA { </id/facility/141003-disaster-base-0009#address> ic:区 "鶴見区"@ja }
