"""The machine: files, clock, identifiers; what differs between systems lies here alone."""
