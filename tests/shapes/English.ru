# example: area
DELETE DATA { </id/area/141178/version/1994-11-06> rdfs:label "Aoba-ku (from 1994-11-06)"@en }
