"""分割する・結合する: a document over different ways, and back (Art. 14-5)."""
