"""Reading XML for the auditors: what cannot be in a part is told by its bytes, before its elements.

An auditor asks the same few questions of every element and attribute of every part, and the answer
is nearly always no. Most of these questions can be answered for a whole part at once: a name or a
path that is nowhere in its bytes is in none of its elements. Only where the bytes may hold it every
element is asked. Used by auditors alone; the removal has its own ways.
"""

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
_LARGE = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
_ENCODING = re.compile(
    rb"""\A<\?xml[^>]*?\sencoding\s*=\s*["'](?:UTF-8|US-ASCII)["']""",
    re.IGNORECASE,
)
_HEAD = 256
_DRIVE = re.compile(rb":/(?:(?!/)|(?<=file:/))")
"""A colon with one slash, or with any number of them behind `file`."""
REMARKS: tuple[Any, ...] = (etree.Comment, etree.ProcessingInstruction, etree.Entity)
"""What stands between elements and no reader sees: comments, instructions, entities."""


class _LocalNames(dict[object, str]):
    """Names without their namespaces; those of remarks are empty."""

    _MOST = 20_000

    def __missing__(self, tag: object) -> str:
        if not isinstance(tag, str):
            return ""
        if len(self) > self._MOST:
            self.clear()
        name = self[tag] = tag.rpartition("}")[2]
        return name


LOCAL = _LocalNames()
"""Gives an element's or an attribute's name without its namespace, each worked out once."""


def parsed(data: bytes, *, large: bool = False) -> "etree._Element":
    """Parse a part without entities and network; `large` for trees of any depth."""
    return etree.fromstring(data, _LARGE if large else _PARSER)


def anywhere(names: Iterable[str]) -> tuple[str, ...]:
    """Write names as `iter` takes them to find them in any namespace."""
    return tuple("{*}" + name for name in names)


def bare(text: str) -> str:
    """Give a text without white space; of a long one the words are never all there at once."""
    size = 1 << 16
    return "".join(["".join(text[at : at + size].split()) for at in range(0, len(text), size)])


def is_plain(data: bytes) -> bool:
    """Tell whether a part's names and values stand in its bytes letter by letter.

    Not so where another encoding is declared or a letter is written by its number.
    """
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] != b"<" or b"&#" in data or b"\0" in data:
        return False
    return b"encoding" not in head or _ENCODING.match(head) is not None


def may_hold(data: bytes, words: Iterable[bytes]) -> bool:
    """Tell whether one of these words may stand in a part."""
    return not is_plain(data) or any(word in data for word in words)


def may_hold_path(data: bytes) -> bool:
    """Tell whether a part may hold a path of a computer or a server, as the auditors know them.

    Every such path has a colon before a slash, not two, or a backslash, or begins with one of the
    folders that all systems have.
    """
    if not is_plain(data):
        return True
    # One letter is searched for faster than two, and nearly no part has this one.
    if b"\\" in data and (b":\\" in data or b"\\\\" in data):
        return True
    return b"/home/" in data or b"/Users/" in data or _DRIVE.search(data) is not None
