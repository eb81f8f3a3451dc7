DELETE DATA { </id/org/seisaku-kyoku> org:unitOf </id/org/yokohama-city> } ;
INSERT DATA { </id/org/seisaku-kyoku> org:unitOf </id/org/another-city> }
