"""The picture of where a document comes from and what was made from it (Art. 6)."""
