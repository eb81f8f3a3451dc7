"""The cubes for those who do not write SPARQL: selections and roll-ups of the release's columns, in many formats."""
