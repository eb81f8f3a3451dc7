DELETE DATA { </id/plan/kanmin-data-2018/milestone/3-b> dct:identifier "3-b" }
