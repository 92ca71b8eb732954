"""Part of meti-desk."""
