DELETE DATA { </id/plan/kanmin-data-2018> dct:temporal </id/period/fy2018--fy2021> } ;
INSERT DATA { </id/plan/kanmin-data-2018> dct:temporal </id/period/fy2018--fy2022> }
