"""Certificates of recipients and the person's own keys (Arts. 14-2, 14-3, 30)."""
