DELETE DATA { </id/project/double-care-support> schema:location </id/area/141003> }
