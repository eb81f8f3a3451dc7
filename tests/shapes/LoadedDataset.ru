DELETE DATA { </graph/data/example/2024-10-01> prov:specializationOf </id/dataset/example> }
