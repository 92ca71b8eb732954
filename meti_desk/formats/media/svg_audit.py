"""Proving a scrubbed drawing by a reader of its own (expat): what is drawn, and all else.

Shares no code with the removal, on purpose.
"""

import base64
import binascii
import io
import re
from typing import BinaryIO
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import ScrubOrder

_W3 = "http://www.w3.org/"
_DRAWN = {f"{_W3}2000/svg", ""}
_PAGE = {f"{_W3}1999/xhtml", f"{_W3}1998/Math/MathML"}
_LINK = f"{_W3}1999/xlink"
_XML = f"{_W3}XML/1998/namespace"
_GROUPS = {
    "svg.comment": "2", "svg.description": "15", "svg.document-type": "8", "svg.editor-data": "8",
    "svg.metadata": "15", "svg.path": "6", "svg.script": "11", "svg.external": "6",
}  # fmt: skip
_LARGEST = 64 << 20
_DECLARED = re.compile(rb"<\?xml[^>]{1,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_WIDE = ("shift_jis", "shift-jis", "windows-31j", "cp932", "euc-jp", "iso-2022-jp")
_PLACE = re.compile(r"file:|[A-Za-z]:[\\/]|\\\\|/(home|Users|mnt|media|tmp|var)/")
_SENT = re.compile(r"data:[^,\"')\s]*,[^\"')]*", re.IGNORECASE)


class _Reader:
    """What one drawing draws, in order, and what it tells besides."""

    def __init__(self, *, descriptions: bool) -> None:
        self.seen: list[str] = []
        self.told: set[str] = set()
        self.pictures: list[str] = []
        self._descriptions = descriptions
        self._skipping = 0
        self._path: list[str] = []
        self._text: list[str] = []

    def read(self, block: bytes) -> None:
        """Read a drawing; `expat.ExpatError` where it is not well-formed."""
        declared = _DECLARED.search(block[:250])
        encoding = None
        if declared and declared[1].decode().lower() in _WIDE:
            block, encoding = block.decode(declared[1].decode()).encode(), "utf-8"
        parser = expat.ParserCreate(encoding, namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.CommentHandler = lambda _: self.told.add("svg.comment")
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartNamespaceDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.Parse(block, True)  # noqa: FBT003 - its interface
        self._flush()

    def _instruction(self, target: str, _data: str) -> None:
        self.told.add("svg.external" if target == "xml-stylesheet" else "svg.editor-data")

    def _declared(self, _prefix: str | None, uri: str | None) -> None:
        if uri and uri not in _DRAWN | _PAGE | {_LINK, _XML}:
            self.told.add("svg.editor-data")

    def _doctype(self, _name: str, system: str | None, public: str | None, inside: int) -> None:
        standard = (public or "").startswith("-//W3C//DTD SVG")
        if inside or (not standard and (system or public)):
            self.told.add("svg.document-type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, word = name.rpartition(" ")
        kind = "" if self._skipping else self._extra(space, word, attributes)
        self._path.append(word)
        if kind:
            self.told.add(kind)
        if self._skipping or kind:
            # What goes breaks no text in two: its own words are dropped at its end.
            if not self._skipping:
                self._flush()
            self._skipping += 1
            return
        self._flush()
        kept = sorted(filter(None, (self._attribute(word, k, v) for k, v in attributes.items())))
        self.seen.append(f"<{name}|{'|'.join(kept)}")

    def _extra(self, space: str, word: str, attributes: dict[str, str]) -> str:
        """Name what kind of extra an element is; empty: it is drawn."""
        kind = ""
        if word in ("script", "handler", "listener"):
            kind = "svg.script"
        elif space in _PAGE and "foreignObject" in self._path:
            kind = ""
        elif space not in _DRAWN:
            kind = "svg.editor-data"
        elif word == "metadata":
            kind = "svg.metadata"
        elif word in ("title", "desc"):
            kind = "" if self._descriptions else "svg.description"
        elif word == "foreignObject" and attributes.get("requiredExtensions"):
            kind = "svg.editor-data"
        return kind

    def _attribute(self, element: str, key: str, value: str) -> str:
        """Give an attribute as it is compared; empty for one that only tells."""
        space, _, word = key.rpartition(" ")
        kind = ""
        if space not in ("", _LINK, _XML):
            kind = "svg.path" if _PLACE.match(value) else "svg.editor-data"
        elif (space == "" and word[:5] == "data-") or (
            space == _LINK and word in ("title", "role", "arcrole")
        ):
            kind = "svg.editor-data"
        elif space == "" and word[:2].lower() == "on":
            kind = "svg.script"
        elif not space and word not in ("href", "src") and _PLACE.match(value):
            kind = "svg.path"
        elif word in ("href", "src"):
            kind = self._reference(element, value.strip())
        if kind:
            self.told.add(kind)
            return ""
        return f"{key}={self._styled(value) if self._may_be_style(word, value) else value}"

    def _may_be_style(self, word: str, value: str) -> bool:
        return word == "style" or "data:" in value[:8].lower() or "url(" in value.lower()

    def _reference(self, element: str, value: str) -> str:
        low = value.lower()
        if not value or low.startswith(("#", "data:")):
            return ""
        if low.startswith(("javascript:", "vbscript:")):
            return "svg.script"
        if element == "a":
            return "" if low.startswith(("http:", "https:", "mailto:", "tel:")) else "svg.path"
        return "" if low.startswith(("http:", "https:", "//")) else "svg.path"

    def _styled(self, css: str) -> str:
        """Give a style without comments and a program's own words, pictures taken out."""
        self.pictures += _SENT.findall(css)
        plain = _SENT.sub("data:", css)
        if "/*" in plain:
            self.told.add("svg.comment")
            plain = re.sub(r"/\*.*?(\*/|$)", "", plain, flags=re.DOTALL)
        if re.search(r"(^|[;{])\s*-inkscape-", plain):
            self.told.add("svg.editor-data")
        parts = (" ".join(one.split()) for one in re.split(r"[;]", plain))
        return ";".join(one for one in parts if one and not one.startswith("-inkscape-"))

    def _end(self, name: str) -> None:
        self._path.pop()
        if self._skipping:
            self._skipping -= 1
            self._text.clear()
            return
        if name.rpartition(" ")[2] == "style":
            self._text[:] = [self._styled("".join(self._text))]
        self._flush()
        self.seen.append(">")

    def _flush(self) -> None:
        """Take the text up to here; more of the same text may follow what is passed over."""
        words = "".join(self._text)
        self._text.clear()
        if words:
            before = self.seen.pop() if self.seen and self.seen[-1].startswith("\0") else "\0"
            self.seen.append(before + words)

    def shown(self) -> list[str]:
        """Give what is drawn, in order, with spaces as they are drawn."""
        plain = (" ".join(one.split()) if one.startswith("\0") else one for one in self.seen)
        return [one for one in plain if one not in ("", "\0")]


def verify_scrub(source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
    """Raise where the result still tells what it should not, or draws something else.

    `InvalidInput("scrub.left-behind", kind=…)`, `InvalidInput("scrub.text-changed", what=…)`.
    """
    provided = order.purpose == "provide" or bool({"svg.description", "15"} & set(order.keep))
    before, after = _Reader(descriptions=provided), _Reader(descriptions=provided)
    try:
        for reader, file in ((after, result), (before, source)):
            file.seek(0)
            reader.read(file.read(_LARGEST))
    except (expat.ExpatError, UnicodeError, LookupError) as bad:
        raise InvalidInput("scrub.left-behind", kind="document.damaged") from bad
    for kind in sorted(after.told):
        if kind not in order.keep and _GROUPS.get(kind, "14") not in order.keep:
            raise InvalidInput("scrub.left-behind", kind=kind)
    if before.shown() != after.shown() or len(before.pictures) != len(after.pictures):
        raise InvalidInput("scrub.text-changed", what="drawing")
    for old, new in zip(before.pictures, after.pictures, strict=True):
        _picture(old, new, order)


def _picture(old: str, new: str, order: ScrubOrder) -> None:
    """Let the auditor of its own family prove a picture inside."""
    from meti_desk.formats.registry import find

    if old == new and "font" in old[:40].lower():
        return
    blocks = [_content(one) for one in (old, new)]
    source, result = (io.BytesIO(one) for one in blocks)
    find(source).family.verify_scrub(source, result, order)


def _content(address: str) -> bytes:
    head, _, rest = address.partition(",")
    plain = unquote_to_bytes(rest)
    try:
        return base64.b64decode(plain) if "base64" in head.lower() else plain
    except binascii.Error as bad:
        raise InvalidInput("scrub.left-behind", kind="svg.embedded-unchecked") from bad
