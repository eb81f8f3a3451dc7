INSERT DATA { </id/facility/141003-disaster-base-0009> dct:description "ｶﾞｯｺｳ"@ja }
