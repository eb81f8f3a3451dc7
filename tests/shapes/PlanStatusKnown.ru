DELETE DATA { </id/plan/kanmin-data-2018> dct:type </code/document-status/draft> } ;
INSERT DATA { </id/plan/kanmin-data-2018> dct:type </code/value-kind/target> }
