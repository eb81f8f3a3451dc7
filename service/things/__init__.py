"""A thing and what is published about it: from its address to a description, in the formats that programs read."""
