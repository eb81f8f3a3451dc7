"""A published release, answered over HTTP: entities, pages and SPARQL."""
