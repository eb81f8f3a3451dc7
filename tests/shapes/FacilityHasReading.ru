DELETE DATA { </id/facility/141003-disaster-base-0009> rdfs:label "カミスエヨシショウガッコウ"@ja-Hrkt }
