"""署名を確かめる: drop files, and read of each signature what it proves."""
