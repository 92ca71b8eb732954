"""Reading workbooks for the audit: by the standard library, regular expressions and lxml alone.

Shares no code with the removal, nor with what reads sheets for labels and digests, on purpose.
"""

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import unquote

from lxml import etree

from meti_desk.formats import audit_xml
from meti_desk.formats.audit_zip import AuditedZip

_START = re.compile(rb"<(?:[\w.-]+:)?sheetData(?:\s[^<>]*)?(/?)>")
_END = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>")
_ROW_END = re.compile(rb"</(?:[\w.-]+:)?row>")
_PIECE = 1 << 20
_LONGEST = 64 << 20
_CELL = re.compile(r"<(?:[\w.-]+:)?c((?:\s[^<>]*)?)(?:/>|(?<!/)>(.*?)</(?:[\w.-]+:)?c>)", re.DOTALL)
_FORMULA = re.compile(r"<(?:[\w.-]+:)?f((?:\s[^<>]*)?)(?:/>|(?<!/)>([^<]*)</)")
_VALUE = re.compile(r"<(?:[\w.-]+:)?v(?:\s[^<>]*)?>([^<]*)</")
_TEXT = re.compile(r"<(?:[\w.-]+:)?t(?:\s[^<>]*)?>([^<]*)</")
_SPOKEN = re.compile(r"<(?:[\w.-]+:)?rPh[\s>].*?</(?:[\w.-]+:)?rPh>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
SHARED = re.compile(
    rb"""\st=["']s["'][^<>]*>\s*(?:<(?:[\w.-]+:)?f[\s>/][^<]*(?:</(?:[\w.-]+:)?f>)?\s*)?"""
    rb"""<(?:[\w.-]+:)?v(?:\s[^<>]*)?>\s*(\d+)\s*<"""
)
"""A cell that shows a shared string, with its number."""


def parsed(data: bytes) -> "etree._Element":
    """Parse a part without entities and network."""
    return audit_xml.parsed(data)


def local(tag: object) -> str:
    """Give a name without its namespace; nothing for comments."""
    return audit_xml.LOCAL[tag]


class Pages:
    """A workbook unzipped: its members by any spelling, relationships, sheets in their order."""

    def __init__(self, source: BinaryIO) -> None:
        """Open the zip."""
        source.seek(0)
        self.box = AuditedZip(source)
        self.names = {name.casefold(): name for name in self.box.namelist()}
        self.main = next(t for k, t, _ in self.links("") if k == "officeDocument")
        self.book = parsed(self.box.read(self.main))

    def links(self, part: str) -> list[tuple[str, str, str]]:
        """Give (kind, member, id) of the inner relationships of a part."""
        folder, _, last = part.rpartition("/")
        rels = self.names.get(posixpath.join(folder, "_rels", last + ".rels").casefold())
        found = []
        for one in parsed(self.box.read(rels)) if rels is not None else ():
            target = unquote(str(one.get("Target") or "")).partition("#")[0]
            path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            member = self.names.get(posixpath.normpath(path).casefold())
            if member is not None and one.get("TargetMode") != "External":
                kind = str(one.get("Type")).rpartition("/")[2]
                found.append((kind, member, str(one.get("Id"))))
        return found

    def sheets(self) -> list[tuple[str, bool, str]]:
        """Give name, whether it is seen, and member of each sheet."""
        by_id = {number: member for _, member, number in self.links(self.main)}
        found = []
        for one in self.book.iter("{*}sheet"):
            told = next((str(v) for k, v in one.attrib.items() if local(k) == "id"), "")
            if told in by_id:
                seen = one.get("state") not in {"hidden", "veryHidden"}
                found.append((str(one.get("name")), seen, by_id[told]))
        return found

    def names_defined(self) -> set[str]:
        """Give the defined names, folded."""
        return {str(one.get("name")).casefold() for one in self.book.iter("{*}definedName")}

    def member(self, kind: str) -> str | None:
        """Give the member that the workbook leads to by a kind of relationship."""
        return next((t for k, t, _ in self.links(self.main) if k == kind), None)


class SheetReader:
    """One sheet: its cells block by block, and afterwards the `frame` around them."""

    def __init__(self, pages: Pages, member: str) -> None:
        """Remember what to read."""
        self._pages, self._member = pages, member
        self.frame = b""

    def blocks(self) -> Iterator[bytes]:
        """Give the cells in blocks of whole rows, in UTF-8."""
        with self._pages.box.open(self._member) as stream:
            first = stream.read(4)
            wide = first[:2] in {b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"}
            if wide:
                yield from self._whole(first + stream.read())
                return
            yield from self._stream(first, stream)

    def _stream(self, held: bytes, stream: object) -> Iterator[bytes]:
        read = stream.read  # type: ignore[attr-defined] # a member of a zip, open
        while (start := _START.search(held)) is None:
            piece = read(_PIECE)
            if not piece:
                self.frame = held
                return
            held += piece
        head, rest = held[: start.end()], held[start.end() :]
        if start[1]:
            self.frame = head + rest + read()
            return
        while (end := _END.search(rest)) is None:
            cut = 0
            for found in _ROW_END.finditer(rest):
                cut = found.end()
            if cut:
                yield rest[:cut]
                rest = rest[cut:]
            piece = read(_PIECE)
            if not piece or len(rest) > _LONGEST:
                raise zipfile.BadZipFile
            rest += piece
        yield rest[: end.start()]
        self.frame = head + rest[end.start() :] + read()

    def _whole(self, data: bytes) -> Iterator[bytes]:
        root = parsed(data)
        for one in root.iter("{*}sheetData"):
            cells = b"".join(etree.tostring(row, encoding="UTF-8") for row in one)
            for row in list(one):
                one.remove(row)
            yield cells
        self.frame = etree.tostring(root)


def cells_of(block: bytes) -> Iterator[tuple[dict[str, str], str, str, str]]:
    """Give attributes, formula (its attributes and text), value and own text of each cell."""
    for told, inside in _CELL.findall(block.decode("utf-8", "replace")):
        found = {key: one or two for key, one, two in _ATTRIBUTE.findall(told)}
        if not inside:
            if len(found) > 1:
                yield found, "", "", ""
            continue
        formula = _FORMULA.search(inside)
        value = _VALUE.search(inside)
        kept = ""
        if formula is not None:
            kept = f"{formula[1].strip()} {html.unescape(formula[2] or '')}"
        own = "".join(_TEXT.findall(_SPOKEN.sub("", inside)))
        yield found, kept, value[1] if value else "", own


def strings_of(pages: Pages) -> list[bytes]:
    """Give the shared strings as they are written, without their outer tags."""
    member = pages.member("sharedStrings")
    if member is None:
        return []
    data = pages.box.read(member)
    if (
        data[:2] in {b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"}
        or b"<!" in data
        or data.count(b"<?") > 1
    ):
        root = parsed(data)
        etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
        data = etree.tostring(root, encoding="UTF-8")
    plain = re.findall(
        rb"<(?:[\w.-]+:)?si(?:\s[^<>]*)?(?:/>|(?<!/)>(.*?)</(?:[\w.-]+:)?si>)", data, re.DOTALL
    )
    return [bytes(one) for one in plain]


def text_of_string(data: bytes) -> str:
    """Give the text of a shared string as it is shown."""
    plain = _SPOKEN.sub("", data.decode("utf-8", "replace"))
    return html.unescape("".join(_TEXT.findall(plain)))
