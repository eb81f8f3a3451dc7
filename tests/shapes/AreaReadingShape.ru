DELETE DATA { </id/area/141178> rdfs:label "あおばく"@ja-Hrkt }
