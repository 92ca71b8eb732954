"""メールアドレス, without the names that are kept for examples and those of files."""

import re

import numpy as np

from meti_desk.domain.patterns import lazily
from meti_desk.evidence.clues.detector import Detector
from meti_desk.evidence.clues.sheet import NONE, Ints, Sheet

_LOCAL = r"a-z0-9.!#$%&'*+/=?^_`{|}~\-"
# It begins where a name begins: no other place of a long word is tried.
_ADDRESS = lazily(
    rf"(?<![{_LOCAL}@])[a-z0-9_][{_LOCAL}]{{0,63}}@"
    r"((?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,6}([a-z]{2,24}))(?![a-z0-9@])"
)
_FILES = frozenset(
    {"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "json", "md", "txt", "pdf", "docx",
     "xlsx", "pptx", "html", "htm", "xml", "csv", "zip", "ts", "mjs", "yml", "yaml", "py", "go"}
)  # fmt: skip
_EXAMPLES = ("example", "invalid", "localhost", "test")
"""Domains that are nobody's (RFC 2606)."""


def find(sheet: Sheet) -> Ints:
    """Find addresses of a domain that may exist."""
    if "@" not in sheet.text:
        return NONE
    spans = [found.span() for found in _ADDRESS.finditer(sheet.text) if _real(found)]
    return np.array(spans, np.int64).reshape(-1, 2)


def _real(found: re.Match[str]) -> bool:
    name, domain = found[0].partition("@")[0], found[1]
    labels = domain.split(".")
    if found[2] in _FILES or labels[-1] in _EXAMPLES or _EXAMPLES[0] in labels[:2]:
        return False
    return ".." not in name and not name.endswith(".")


DETECTOR = Detector("mail-address", find)
