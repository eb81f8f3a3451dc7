DELETE DATA { </id/distribution/example-nt> dcat:mediaType <https://www.iana.org/assignments/media-types/application/n-triples> } ;
INSERT DATA { </id/distribution/example-nt> dcat:mediaType <https://www.iana.org/assignments/media-types/application/x-unknown> }
