DELETE WHERE { </id/catalog> dct:language ?language }
