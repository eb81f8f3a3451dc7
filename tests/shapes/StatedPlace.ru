DELETE DATA { </id/plan/kanmin-data-2018/milestone/3-b> prov:wasDerivedFrom </id/source/example/plan.txt#line=753,754> } ;
INSERT DATA { </id/plan/kanmin-data-2018/milestone/3-b> prov:wasDerivedFrom </id/source/example/plan.txt#page=24> }
