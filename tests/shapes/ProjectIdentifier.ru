DELETE DATA { </id/project/double-care-support> dct:identifier "double-care-support" }
