INSERT DATA { </query/indicator-3-3> sh:select "SELECT * WHERE { ?s ?p ?o }" }
