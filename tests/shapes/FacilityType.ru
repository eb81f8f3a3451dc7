DELETE DATA { </id/facility/141003-disaster-base-0009> dct:type </code/facility-type/community-disaster-base> }
