SELECT "refPeriod", count(*), count(population) FROM syn GROUP BY 1 ORDER BY 1
