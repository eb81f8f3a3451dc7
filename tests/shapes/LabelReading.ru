# example: area
DELETE DATA { </id/area/141178> rdfs:label "あおばく"@ja-Hrkt } ;
INSERT DATA { </id/area/141178> rdfs:label "青葉区"@ja-Hrkt }
