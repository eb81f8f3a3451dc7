DELETE DATA { </id/catalog> dct:language <http://publications.europa.eu/resource/authority/language/ENG> } ;
INSERT DATA { </id/catalog> dct:language "en" }
