INSERT DATA { </id/plan/kanmin-data-2018/indicator/3-3> dct:isPartOf </id/plan/kanmin-data-2018/measure/3/2> }
