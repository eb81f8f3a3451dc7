SELECT a."refArea", sum(a.population - b.population) FROM syn a JOIN syn b USING ("refArea", sex, age)
WHERE a."refPeriod" = 'http://localhost:8000/id/period/2024' AND b."refPeriod" = 'http://localhost:8000/id/period/2023'
  AND a.population IS NOT NULL AND b.population IS NOT NULL GROUP BY 1
