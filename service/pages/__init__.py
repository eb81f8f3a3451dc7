"""A description → a page for people."""
