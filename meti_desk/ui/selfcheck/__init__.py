"""The self-check wizard (Art. 92)."""
