DELETE DATA { </id/project/double-care-support> dct:subject </code/local-issue/double-care> } ;
INSERT DATA { </id/project/double-care-support> dct:subject </code/document-status/draft> }
