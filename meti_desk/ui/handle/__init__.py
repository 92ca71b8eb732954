"""Carrying out: progress, and the result with how to give the password."""
