"""Statistics at columnar speed: the cube part of a SPARQL query is answered from the cube's Parquet."""
