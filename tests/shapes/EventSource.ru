DELETE DATA { </id/event/141003-0001> prov:wasDerivedFrom </id/source/example/event.csv#row=2> }
