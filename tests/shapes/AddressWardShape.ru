DELETE DATA { </id/facility/141003-disaster-base-0009#address> ic:市区町村コード sac:C14101 } ;
INSERT DATA { </id/facility/141003-disaster-base-0009#address> ic:市区町村コード sac:C14102 }
