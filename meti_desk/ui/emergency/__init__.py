"""暗号の緊急対応: when an algorithm is compromised (Art. 30-2)."""
