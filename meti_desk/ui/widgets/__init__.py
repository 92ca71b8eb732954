"""Building blocks that all pages share; they know nothing of documents."""
