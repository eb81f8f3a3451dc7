INSERT DATA { </id/area-change/1994-11-06-kohoku-midori> org:resultingOrganization </id/area/141186> }
