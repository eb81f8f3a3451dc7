DELETE DATA { </id/facility/141003-disaster-base-0009> foaf:page <https://www.city.yokohama.lg.jp/> } ;
INSERT DATA { </id/facility/141003-disaster-base-0009> foaf:page <ftp://www.city.yokohama.lg.jp/> }
