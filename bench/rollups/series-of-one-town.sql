SELECT "refPeriod", sex, sum(population) FROM syn
WHERE "refArea" = 'http://localhost:8000/id/area/141005' AND population IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
