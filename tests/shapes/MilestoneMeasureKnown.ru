DELETE DATA { </id/plan/kanmin-data-2018/milestone/3-b> dct:isPartOf </id/plan/kanmin-data-2018/measure/3> } ;
INSERT DATA { </id/plan/kanmin-data-2018/milestone/3-b> dct:isPartOf </id/plan/kanmin-data-2018/measure/33> }
