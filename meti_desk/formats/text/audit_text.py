"""An independent look at a scrubbed text: byte for byte the same, and nothing unseen in it.

Shares no code with the removal.
"""

import re
import unicodedata
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import ScrubOrder

_PIECE = 1 << 20
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]|\x1b[^$(&]")


def audit_text(source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
    """Raise `InvalidInput`: `scrub.text-changed` (`what`), `scrub.left-behind` (`kind`)."""
    source.seek(0)
    result.seek(0)
    wide = result.read(2) in (b"\xff\xfe", b"\xfe\xff")
    result.seek(0)
    last = b""
    while piece := result.read(_PIECE):
        if source.read(len(piece)) != piece:
            raise InvalidInput("scrub.text-changed", what="text")
        if order.purpose == "publish" and not wide:
            _unseen(piece, order)
        last = piece
    while piece := source.read(_PIECE):
        if piece.strip(b"\0"):
            raise InvalidInput("scrub.text-changed", what="text")
    if last.endswith(b"\0") and not wide and not {"text.trailing", "13"} & set(order.keep):
        raise InvalidInput("scrub.left-behind", kind="text.trailing")


def _unseen(piece: bytes, order: ScrubOrder) -> None:
    """Look for what publishing does not allow, in what can be told without knowing the encoding."""
    if _CONTROL.search(piece) and not {"text.control-characters", "7"} & set(order.keep):
        raise InvalidInput("scrub.left-behind", kind="text.control-characters")
    try:
        text = piece.decode("utf-8")
    except UnicodeDecodeError:
        return
    marks = any(unicodedata.bidirectional(one) in _DIRECTIONS for one in text if one > "\u0590")
    if marks and not {"text.invisible-characters", "7"} & set(order.keep):
        raise InvalidInput("scrub.left-behind", kind="text.invisible-characters")


_DIRECTIONS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
