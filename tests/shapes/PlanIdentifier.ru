DELETE DATA { </id/plan/kanmin-data-2018> dct:identifier "kanmin-data-2018" }
