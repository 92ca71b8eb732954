"""Sound, film and the pictures that carry no label inside: found, cleaned and proven."""
