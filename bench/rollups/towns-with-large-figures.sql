SELECT DISTINCT "refArea" FROM syn WHERE population > 4990
