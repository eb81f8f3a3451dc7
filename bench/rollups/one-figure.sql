SELECT population FROM syn WHERE "refArea" = 'http://localhost:8000/id/area/141005'
  AND "refPeriod" = 'http://localhost:8000/id/period/2010' AND sex = 'http://purl.org/linked-data/sdmx/2009/code#sex-M'
  AND age = 'http://localhost:8000/code/age/7'
