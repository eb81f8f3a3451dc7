SELECT "refArea", "refPeriod", sum(population) FROM syn WHERE population IS NOT NULL GROUP BY 1, 2
