DELETE DATA { </id/org/seisaku-kyoku> org:unitOf </id/org/yokohama-city> }
