"""保護と署名: the ways in to protecting, opening, signing, verifying, splitting and joining."""
