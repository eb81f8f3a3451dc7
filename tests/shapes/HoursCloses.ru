INSERT DATA { </id/facility/141003-disaster-base-0009> schema:openingHoursSpecification [ a schema:OpeningHoursSpecification ; schema:dayOfWeek schema:Monday ; schema:opens "09:00:00"^^xsd:time ] }
