"""取扱記録 as a list that can be searched, verified and exported."""
