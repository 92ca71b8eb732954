"""Many files at once: one decision, progress with remaining time, and a table of what became."""
