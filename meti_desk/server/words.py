"""Words that people typed: one line, without characters that nobody sees or no database takes."""

from unicodedata import category

_ODD = frozenset({"Cc", "Cs", "Zl", "Zp"})


def one_line(text: str) -> bool:
    """Tell whether it is one line of words; 全角の空白 and 外字 may stand there."""
    return not any(category(char) in _ODD for char in text)
