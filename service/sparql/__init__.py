"""A query over HTTP: what is asked, and how the answer goes out."""
