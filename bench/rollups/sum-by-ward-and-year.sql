SELECT ward, "refPeriod", sum(population) FROM syn JOIN town ON "refArea" = town
WHERE population IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
