DELETE DATA { </id/project/double-care-support> dct:subject </code/local-issue/double-care> }
