"""申請・許可: what staff ask for, what was answered, and what is in force (Arts. 13, 77)."""
