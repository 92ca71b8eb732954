"""Whether a document says a password, or is a パスワード通知書: neither goes with a file."""

import unicodedata
from typing import BinaryIO

import msgspec

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import Wants

_PIECE = 1 << 20


class MentionsOrder(msgspec.Struct, frozen=True):
    """What to look for: passwords, and the title of a slip."""

    needles: tuple[str, ...]
    title: str

    def __repr__(self) -> str:
        """Leave the passwords out."""
        return f"MentionsOrder({len(self.needles)})"


class MentionsReport(msgspec.Struct, frozen=True):
    """Whether one of the passwords stands in it, and whether it is a slip by its first line."""

    says: bool = False
    slip: bool = False


def mentions(order: MentionsOrder, source: BinaryIO) -> MentionsReport:
    """Look into text and raw bytes; what cannot be read, or is encrypted, says nothing."""
    texts = _texts(source)
    joined = _folded("\n".join(texts))
    needles = [_folded(one) for one in order.needles if one]
    says = any(one in joined for one in needles) or _holds(source, order.needles)
    first = next((line for text in texts for line in text.split("\n") if line.strip()), "")
    return MentionsReport(
        says=says, slip=bool(order.title) and _folded(first) == _folded(order.title)
    )


def _texts(source: BinaryIO) -> list[str]:
    from meti_desk.formats.inspecting import inspect

    try:
        found = inspect(source, None, Wants(findings=False, digest=False, text=True))
    except MetiDeskError:
        return []
    return [part.text for part in found.text]


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _holds(source: BinaryIO, needles: tuple[str, ...]) -> bool:
    """Look for the password as it stands, in the encodings of plain files."""
    wanted = [
        needle.encode(encoding)
        for needle in needles
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
        if needle
    ]
    if not wanted:
        return False
    overlap, held = max(map(len, wanted)) - 1, b""
    source.seek(0)
    while piece := source.read(_PIECE):
        held += piece
        if any(one in held for one in wanted):
            return True
        held = held[-overlap:] if overlap else b""
    return False
