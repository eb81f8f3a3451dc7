DELETE DATA { </id/area/141135/version/1969-10-01> dct:valid "1994-11-06"^^xsd:date . </id/area-change/1994-11-06-kohoku-midori> org:originalOrganization </id/area/141135/version/1969-10-01> }
