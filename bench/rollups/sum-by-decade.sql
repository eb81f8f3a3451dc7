SELECT CAST(substr("refPeriod", -4) AS INTEGER) // 10 * 10, sum(population) FROM syn
WHERE population IS NOT NULL GROUP BY 1 ORDER BY 1
