DELETE DATA { </id/plan/kanmin-data-2018/milestone/3-b> dct:source </id/source/example/plan.txt> }
