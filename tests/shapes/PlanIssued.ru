DELETE DATA { </id/plan/kanmin-data-2018> dct:issued "2018-02"^^xsd:gYearMonth }
