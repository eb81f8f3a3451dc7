DELETE DATA { </id/distribution/example-nt> dcat:downloadURL </dump/example.nt.gz> }
