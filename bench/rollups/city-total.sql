SELECT sum(population) FROM syn JOIN town ON "refArea" = town
