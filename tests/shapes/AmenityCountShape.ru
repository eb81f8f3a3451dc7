DELETE DATA { </id/facility/141003-toilet-0001#wheelchair> schema:propertyID </code/amenity/wheelchair-toilet> } ;
INSERT DATA { </id/facility/141003-toilet-0001#wheelchair> schema:propertyID </code/amenity/toilets-multipurpose> }
