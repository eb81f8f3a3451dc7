DELETE DATA { </id/facility/141003-nursery-0001> schema:maximumAttendeeCapacity 60 } ;
INSERT DATA { </id/facility/141003-nursery-0001> schema:maximumAttendeeCapacity 0 }
