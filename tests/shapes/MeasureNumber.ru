DELETE DATA { </id/plan/kanmin-data-2018/measure/3> dct:identifier "3" } ;
INSERT DATA { </id/plan/kanmin-data-2018/measure/3> dct:identifier "10" }
