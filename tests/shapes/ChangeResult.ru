DELETE DATA { </id/area-change/1969-10-01-midori> org:resultingOrganization </id/area/141135/version/1969-10-01> }
