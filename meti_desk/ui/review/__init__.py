"""許可・確認: what waits for those responsible, decided one by one or many at once."""
