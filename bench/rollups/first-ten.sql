SELECT observation, "refArea", "refPeriod", population FROM syn LIMIT 10
