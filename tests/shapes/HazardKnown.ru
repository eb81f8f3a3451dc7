INSERT DATA { </id/facility/141003-disaster-base-0009> yk:hazard </code/facility-type/park> }
