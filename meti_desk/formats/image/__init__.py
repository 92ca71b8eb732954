"""Picture files: label in XMP, digest, texts (Arts. 5, 14-7); nothing here decodes a picture."""
