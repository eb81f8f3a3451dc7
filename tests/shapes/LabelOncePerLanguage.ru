INSERT DATA { </id/facility/141003-disaster-base-0009> rdfs:label "上末吉小"@ja }
