DELETE WHERE { </id/catalog> dct:description ?description }
