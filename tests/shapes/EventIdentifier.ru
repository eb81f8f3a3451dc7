DELETE DATA { </id/event/141003-0001> dct:identifier "141003-0001" }
