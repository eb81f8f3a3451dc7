INSERT DATA { </id/facility/141003-disaster-base-0009> schema:amenityFeature [ schema:propertyID </code/amenity/wheelchair-toilet> ] }
