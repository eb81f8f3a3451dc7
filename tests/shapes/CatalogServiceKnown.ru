INSERT DATA { </id/catalog> dcat:service </id/service/unknown> }
