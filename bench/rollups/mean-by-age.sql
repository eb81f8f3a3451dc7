SELECT age, avg(population), min(population), max(population) FROM syn WHERE population IS NOT NULL GROUP BY 1 ORDER BY 1
