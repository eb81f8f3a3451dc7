# also: SourceDescribed
DELETE DATA { </id/dataset/example> prov:wasDerivedFrom </id/source/example/example.csv> } ;
INSERT DATA { </id/dataset/example> prov:wasDerivedFrom </id/source/example/other.csv> }
