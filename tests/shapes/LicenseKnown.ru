DELETE DATA { </id/distribution/example-nt> dct:license <https://creativecommons.org/licenses/by/4.0/> } ;
INSERT DATA { </id/distribution/example-nt> dct:license <https://creativecommons.org/licenses/by-nc/4.0/> }
