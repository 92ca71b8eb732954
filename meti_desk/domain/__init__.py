"""Values and rules of the standard: standard library only, no I/O, no clock, no Qt."""
