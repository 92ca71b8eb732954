"""Fixtures of all tests."""

from tests.postgres import place, postgres

__all__ = ["place", "postgres"]
