SELECT ward, sum(CASE WHEN sex = 'http://purl.org/linked-data/sdmx/2009/code#sex-M' THEN population ELSE 0 END),
  sum(CASE WHEN sex = 'http://purl.org/linked-data/sdmx/2009/code#sex-F' THEN population ELSE 0 END)
FROM syn JOIN town ON "refArea" = town WHERE population IS NOT NULL GROUP BY 1
