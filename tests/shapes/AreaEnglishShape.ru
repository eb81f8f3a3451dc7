DELETE DATA { </id/area/141178> rdfs:label "Aoba-ku"@en }
