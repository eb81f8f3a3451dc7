DELETE DATA { </id/area-change/1994-11-06-kohoku-midori> dct:source <https://www.city.yokohama.lg.jp/city-info/yokohamashi/ku-shokai/division.html> }
