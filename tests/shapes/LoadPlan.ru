DELETE DATA { </id/load/20240101T000000Z-example#association> prov:hadPlan </id/loader/0.1.0> }
