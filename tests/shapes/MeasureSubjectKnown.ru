INSERT DATA { </id/plan/kanmin-data-2018/measure/3> dct:subject </code/local-issue/double-care> }
