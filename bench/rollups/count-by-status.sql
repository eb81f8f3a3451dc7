SELECT "obsStatus", count(*) FROM syn WHERE "obsStatus" IS NOT NULL GROUP BY 1
