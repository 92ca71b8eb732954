"""Words that a letter, a header and a list can carry in one line."""

from unicodedata import category

_ODD = frozenset({"Cc", "Cs", "Zl", "Zp"})
_NO_XML = frozenset("\ufffe\uffff")
_TURNS = frozenset(
    map(chr, (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)


def plain(text: str) -> str:
    """Write a text in one line: what no letter and no header can carry becomes `_`.

    Control characters, broken ones, and those that turn the direction of writing: a name must not
    read as another one. 外字 stay.
    """
    odd = _TURNS | _NO_XML
    return "".join("_" if category(char) in _ODD or char in odd else char for char in text)


def is_plain(text: str) -> bool:
    """Tell whether there is something to read, and nothing that `plain` would replace."""
    return bool(text.strip()) and plain(text) == text
