"""An independent look at what a workbook shows: the same as before it.

Like `book_audit` it shares no code with the removal or the digest. What is compared: the sheets
that are seen and their order, every cell - value, format, formula -, columns, merged cells and
rules of formats, headers, texts and pictures of drawings, and the table of formats.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING, TypeAlias

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import ScrubOrder
from meti_desk.formats.ooxml.audit_pixels import pixels
from meti_desk.formats.ooxml.book_audit_read import (
    SHARED,
    Pages,
    SheetReader,
    cells_of,
    local,
    parsed,
    strings_of,
    text_of_string,
)

if TYPE_CHECKING:
    from lxml import etree

_FRAME = frozenset(
    {
        *("cols", "mergeCells", "conditionalFormatting", "sheetFormatPr", "pageMargins"),
        *("printOptions", "rowBreaks", "colBreaks", "autoFilter"),
    }
)
_REVISION = re.compile(r"/spreadsheetml/\d{4}/revision\d*$")
_MAY_FREEZE = re.compile(
    r"\[|\||\\|[A-Za-z]:/|file:|/home/|/Users/|GETPIVOTDATA|CUBE|RTD", re.IGNORECASE
)
_OWN_LINE = re.compile(r"&K000001(?:&9(?![0-9]))?[^\r\n&]*(?:&&[^\r\n&]*)*\n?", re.IGNORECASE)
_TAGS = re.compile(rb"<[^<>]*>")
_WORDS = re.compile(r"[^\W\d][\w.\\?]*")
_DRAWN = frozenset({"drawing", "chart", "chartEx", "chartUserShapes", "diagramDrawing"})
_PICTURES = frozenset({"image", "hdphoto"})


Cell: TypeAlias = tuple[dict[str, str], str, str, str]


def compare_seen(before: Pages, after: Pages, order: ScrubOrder) -> None:
    """Raise `InvalidInput("scrub.text-changed", what=…)` where something that is seen differs."""
    ones = [one for one in before.sheets() if one[1]]
    twos = [one for one in after.sheets() if one[1]]
    if [one[0] for one in ones] != [two[0] for two in twos]:
        raise _changed("sheets")
    strings = strings_of(before), strings_of(after)
    changed = _changed_strings(*strings)
    gone = before.names_defined() - after.names_defined()
    for (name, _, one), (_, _, two) in zip(ones, twos, strict=True):
        _same_cells(before, one, after, two, changed, gone, name)
        _same_frame(before, one, after, two, order, name)
        if _drawn(before, one) != _drawn(after, two):
            raise _changed("shape", name)
        if _pictures(before, one) - _pictures(after, two):
            raise _changed("picture", name)
    if _styles(before) != _styles(after):
        raise _changed("styles")


def _changed(what: str, name: str = "") -> InvalidInput:
    return InvalidInput("scrub.text-changed", what=f"{what} {name}".strip())


def _changed_strings(before: list[bytes], after: list[bytes]) -> set[int]:
    """Give the numbers of strings that are not what they were; those are empty now."""
    found = set()
    for number, (one, two) in enumerate(zip_longest(before, after, fillvalue=b"")):
        if one != two and (one := _bare(one)) != (two := _bare(two)):
            text = text_of_string(two)
            if text and text == text_of_string(one) and _TAGS.findall(one) == _TAGS.findall(two):
                continue  # The same, with its characters written in another way.
            if text:
                raise _changed("strings")
            found.add(number)
    return found


def _bare(string: bytes) -> bytes:
    return re.sub(rb"\s+xmlns(?::\w+)?=\"[^\"]*\"", b"", string)


def _same_cells(
    before: Pages, one: str, after: Pages, two: str, changed: set[int], gone: set[str], name: str
) -> None:
    if _digest(SheetReader(before, one)) == _digest(SheetReader(after, two)):
        for block in SheetReader(before, one).blocks() if changed else ():
            if not changed.isdisjoint(map(int, SHARED.findall(block))):
                raise _changed("sheet", name)
        return
    shared: set[str] = set()
    for held, kept in zip_longest(_cells(before, one), _cells(after, two)):
        if held is None or kept is None:
            raise _changed("sheet", name)
        if not _same_cell(held, kept, changed, gone, shared):
            raise _changed("sheet", f"{name}!{held[0].get('r', '')}")


def _same_cell(held: Cell, kept: Cell, changed: set[int], gone: set[str], shared: set[str]) -> bool:
    """Tell whether a cell shows the same, and calculates the same or, reaching outside, nothing."""
    (told, formula, *shown), (told_after, formula_after, *shown_after) = held, kept
    if told.get("t") == "s" and held[2].isdigit() and int(held[2]) in changed:
        return False
    same = dict(told)
    if formula != formula_after:
        if formula_after or not _may_freeze(formula, gone, shared):
            return False
        same.pop("cm", None)
    return shown == shown_after and same == told_after


def _may_freeze(formula: str, gone: set[str], shared: set[str]) -> bool:
    """Tell whether a formula reaches outside, so that its result may stand in its place."""
    told = re.search(r"""\bsi=["'](\d+)["']""", formula)
    number = told[1] if told else ""
    words = {word.casefold() for word in _WORDS.findall(formula)}
    if _MAY_FREEZE.search(formula) or words & gone:
        shared.add(number)
        return True
    return bool(number) and number in shared


def _digest(reader: SheetReader) -> bytes:
    total = hashlib.sha256()
    for block in reader.blocks():
        total.update(block)
    return total.digest()


def _cells(pages: Pages, member: str) -> Iterator[Cell]:
    for block in SheetReader(pages, member).blocks():
        yield from cells_of(block)


def _same_frame(
    before: Pages, one: str, after: Pages, two: str, order: ScrubOrder, name: str
) -> None:
    first, second = (_frame(pages, member) for pages, member in ((before, one), (after, two)))
    if _parts(first) != _parts(second):
        raise _changed("sheet", name)
    publish = order.purpose == "publish"
    if _headers(first, publish=publish) != _headers(second, publish=publish):
        raise _changed("header", name)


def _frame(pages: Pages, member: str) -> "etree._Element":
    reader = SheetReader(pages, member)
    for _ in reader.blocks():
        pass
    return parsed(reader.frame)


def _parts(root: "etree._Element") -> list[bytes]:
    found = []
    for one in root:
        if local(one.tag) in _FRAME:
            _strip(one)
            found.append(_plain(one))
    return found


def _plain(one: "etree._Element") -> bytes:
    """Write what an element says, without how its names are declared."""
    told = [
        (local(inner.tag), sorted((local(k), str(v)) for k, v in inner.attrib.items()),
         (inner.text or "").strip())
        for inner in one.iter()
        if isinstance(inner.tag, str)
    ]  # fmt: skip
    return repr(told).encode("utf-8", "backslashreplace")


def _strip(one: "etree._Element") -> None:
    for inner in one.iter():
        for key in list(inner.attrib):
            if _REVISION.search(str(key).rpartition("}")[0]):
                del inner.attrib[key]


def _headers(root: "etree._Element", *, publish: bool) -> list[tuple[str, str]]:
    found = []
    for holder in root:
        if local(holder.tag) != "headerFooter":
            continue
        for one in holder:
            kind = local(one.tag)
            switch = {"even": "differentOddEven", "firs": "differentFirst"}.get(kind[:4])
            if switch is None or holder.get(switch) in {"1", "true", "on"}:
                text = one.text or ""
                if publish:
                    text = re.sub(r"&[LCR](?=&[LCR]|$)", "", _OWN_LINE.sub("", text))
                if text:
                    found.append((kind, text))
    return found


def _drawn(pages: Pages, sheet: str) -> list[str]:
    """Give the words of drawings, charts and diagrams, in the order of the files."""
    found: list[str] = []
    waiting, passed = [sheet], {sheet}
    while waiting:
        for kind, member, _ in pages.links(waiting.pop()):
            if kind in _DRAWN and member not in passed:
                passed.add(member)
                waiting.append(member)
                found += _words(parsed(pages.box.read(member)))
    return found


def _words(one: "etree._Element") -> list[str]:
    name = local(one.tag)
    if not name or name.startswith("filtered") or _is_hidden(one):
        return []
    found = []
    if name in {"t", "v"} and one.text and one.text.strip():
        found.append(" ".join(one.text.split()))
    for inner in one:
        found += _words(inner)
    return found


def _is_hidden(one: "etree._Element") -> bool:
    """Tell a shape that is switched off."""
    if local(one.tag) not in {"sp", "pic", "grpSp", "graphicFrame", "cxnSp"}:
        return False
    own = [
        inner
        for holder in one
        if local(holder.tag).startswith("nv")
        for inner in holder
        if local(inner.tag) == "cNvPr"
    ]
    return any(inner.get("hidden") in {"1", "true"} for inner in own)


def _pictures(pages: Pages, sheet: str) -> Counter[str]:
    """Count the pictures on a sheet by their pixels; one that two parts show counts once."""
    members = set()
    for kind, member, _ in pages.links(sheet):
        if kind == "drawing":
            shown = _embedded(parsed(pages.box.read(member)))
            members |= {m for k, m, i in pages.links(member) if k in _PICTURES and i in shown}
        elif kind in _PICTURES:
            members.add(member)
    return Counter({pixels(pages.box.read(member)) for member in members})


def _embedded(one: "etree._Element") -> set[str]:
    """Give the ids of the pictures in a drawing that no hidden shape holds."""
    if _is_hidden(one):
        return set()
    found = {str(v) for k, v in one.attrib.items() if local(k) == "embed"}
    return found.union(*(_embedded(inner) for inner in one))


def _styles(pages: Pages) -> bytes:
    member = pages.member("styles")
    if member is None:
        return b""
    root = parsed(pages.box.read(member))
    _strip(root)
    return _plain(root)
