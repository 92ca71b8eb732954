"""Office documents before OOXML: read as far as it is safe, never rewritten; label in a sidecar."""
