SELECT ward, sum(population) AS s FROM syn JOIN town ON "refArea" = town
WHERE population IS NOT NULL GROUP BY 1 HAVING sum(population) > 100000000 ORDER BY s DESC
