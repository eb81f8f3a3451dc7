INSERT DATA { </id/plan/kanmin-data-2018/indicator/3-3> yk:computedBy </query/another> }
