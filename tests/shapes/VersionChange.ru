# also: VersionBeginsWithChange
DELETE DATA { </id/area/141178/version/1994-11-06> org:resultedFrom </id/area-change/1994-11-06-kohoku-midori> }
