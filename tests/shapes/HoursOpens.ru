INSERT DATA { </id/facility/141003-disaster-base-0009> schema:openingHoursSpecification [ a schema:OpeningHoursSpecification ; schema:dayOfWeek schema:Monday ; schema:closes "17:00:00"^^xsd:time ] }
