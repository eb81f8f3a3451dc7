"""The only place that touches a store. What comes out is bytes and the format they are in."""
