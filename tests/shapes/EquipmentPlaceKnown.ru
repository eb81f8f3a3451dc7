# example: facility facility-kinds
DELETE DATA { </id/equipment/141003-aed-0001> ic:設置地点 </id/facility/141003-hospital-0001> } ;
INSERT DATA { </id/equipment/141003-aed-0001> ic:設置地点 </id/facility/141003-hospital-0002> }
