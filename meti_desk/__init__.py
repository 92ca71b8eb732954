"""meti-desk: classify, mark, scrub and protect documents as the standard asks."""

__version__ = "0.1.0"
