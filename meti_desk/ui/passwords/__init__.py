"""Agreed passwords of a recipient, and how a password is said on the telephone."""
