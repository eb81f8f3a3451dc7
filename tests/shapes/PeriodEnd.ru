DELETE DATA { </id/period/2024-01> time:hasEnd </id/period/2024-01#end> }
