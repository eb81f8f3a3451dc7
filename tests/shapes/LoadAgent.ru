DELETE DATA { </id/load/20240101T000000Z-example#association> prov:agent </id/agent/loader> }
