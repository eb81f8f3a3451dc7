SELECT "refArea", ja, sum(population) AS s FROM syn JOIN town ON "refArea" = town
WHERE population IS NOT NULL AND "refPeriod" = 'http://localhost:8000/id/period/2024' GROUP BY 1, 2 ORDER BY s DESC LIMIT 10
