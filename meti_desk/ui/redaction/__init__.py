"""墨消し: words, areas and personal data are taken out of copies, not covered."""
