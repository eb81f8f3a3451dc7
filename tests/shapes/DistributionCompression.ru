DELETE DATA { </id/distribution/example-nt> dcat:compressFormat <https://www.iana.org/assignments/media-types/application/gzip> } ;
INSERT DATA { </id/distribution/example-nt> dcat:compressFormat <https://www.iana.org/assignments/media-types/application/x-unknown> }
