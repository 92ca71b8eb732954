"""The one decision screen: files, label, and what to do next (Arts. 4-17)."""
