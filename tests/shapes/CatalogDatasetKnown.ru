INSERT DATA { </id/catalog> dcat:dataset </id/dataset/unknown> }
