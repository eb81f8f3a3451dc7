DELETE DATA { </id/project/bytern> schema:location </id/area/141011/locality/example> } ;
INSERT DATA { </id/project/bytern> schema:location </id/area/149999> }
