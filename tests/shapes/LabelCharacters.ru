# also: InJisX0213
DELETE DATA { </id/facility/141003-disaster-base-0009> rdfs:label "上末吉小学校"@ja } ;
INSERT DATA { </id/facility/141003-disaster-base-0009> rdfs:label "上末吉ｼｮｳガッコウ"@ja }
