DELETE DATA { </id/plan/kanmin-data-2018/milestone/3-b> dct:temporal </id/period/fy2019> }
