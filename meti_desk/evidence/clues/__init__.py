"""Clues to a label in a text (手掛かり): one module for each kind, `look` for all of them."""

from meti_desk.evidence.clues.look import IDS, Found, Words, look

__all__ = ["IDS", "Found", "Words", "look"]
