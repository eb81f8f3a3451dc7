DELETE DATA { </id/plan/kanmin-data-2018> dct:hasPart </id/plan/kanmin-data-2018/measure/3> }
