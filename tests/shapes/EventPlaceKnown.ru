DELETE DATA { </id/event/141003-0001> schema:location </id/area/141011> } ;
INSERT DATA { </id/event/141003-0001> schema:location </id/area/149999> }
