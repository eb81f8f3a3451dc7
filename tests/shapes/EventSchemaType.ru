DELETE DATA { </id/event/141003-0001> a schema:Event }
