DELETE DATA { </id/facility/141003-disaster-base-0009> dct:type </code/facility-type/community-disaster-base> } ;
INSERT DATA {
  </id/facility/141003-disaster-base-0009> dct:type </code/facility-type/evacuation-site> .
  </code/facility-type/evacuation-site> skos:inScheme </code/facility-type>
}
