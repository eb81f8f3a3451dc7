DELETE DATA { </id/plan/kanmin-data-2018/indicator/3-3> dct:identifier "3-3" } ;
INSERT DATA { </id/plan/kanmin-data-2018/indicator/3-3> dct:identifier "3.3" }
