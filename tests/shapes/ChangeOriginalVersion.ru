INSERT DATA { </id/area-change/1994-11-06-kohoku-midori> org:originalOrganization </id/area/141097> }
