DELETE DATA { </id/facility/141003-disaster-base-0009> rdfs:label "カミスエヨシショウガッコウ"@ja-Hrkt } ;
INSERT DATA { </id/facility/141003-disaster-base-0009> rdfs:label "かみすえよししょうがっこう"@ja-Hrkt }
