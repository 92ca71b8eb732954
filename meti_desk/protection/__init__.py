"""Protection: password and encryption in formats that the other side can open (Arts. 14, 28-30)."""
