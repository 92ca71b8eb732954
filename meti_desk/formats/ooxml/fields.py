r"""Field codes that tell more than they show: frozen to the text that stands there.

`INCLUDETEXT "\\server\…"` shows a text and carries a path; `AUTHOR` shows a name and would show
another one after the properties are gone. The shown result stays, the code goes.
"""

import re

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.paths import has_path
from meti_desk.formats.ooxml.xml import Element, attribute, find_all, remove, unwrap

_FROZEN = frozenset(
    {
        *("INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT", "LINK", "DDE", "DDEAUTO", "RD"),
        *("DATABASE", "MERGEFIELD", "MERGEREC", "MERGESEQ", "NEXT", "NEXTIF", "SKIPIF"),
        *("AUTHOR", "LASTSAVEDBY", "DOCPROPERTY", "DOCVARIABLE", "FILENAME", "TEMPLATE", "INFO"),
        *("USERNAME", "USERINITIALS", "USERADDRESS", "COMMENTS", "KEYWORDS", "SUBJECT", "TITLE"),
        *("CREATEDATE", "SAVEDATE", "PRINTDATE", "EDITTIME", "REVNUM", "FILESIZE"),
        *("ADDIN", "PRIVATE", "GREETINGLINE", "ADDRESSBLOCK", "MACROBUTTON", "AUTOTEXT"),
        *("AUTOTEXTLIST", "ASK", "FILLIN", "SET", "HTMLCONTROL", "CONTROL", "EMBED"),
    }
)
_UNSEEN = frozenset({"XE", "TC", "TA"})
"""Entries of an index or table: their words stand in the text unseen, but an index needs them."""
_WORD = re.compile(r"\s*([A-Za-z]+)")
_PIECES = ("w:fldChar", "w:instrText", "w:delInstrText", "w:t", "w:delText", "w:drawing", "w:pict")


def freeze_fields(root: Element, place: str, notes: Notes) -> bool:
    """Freeze the fields that carry paths, names or outside data; gives whether anything went."""
    changed = False
    for one in find_all(root, "w:fldSimple"):
        if _tells(attribute(one, "w:instr") or "", place, notes):
            unwrap(one)
            changed = True
    for one in find_all(root, "w:fldData"):
        if notes.add("docx.field", place, "fldData"):
            remove(one)
            changed = True
    return _freeze_complex(root, place, notes) or changed


def _tells(code: str, place: str, notes: Notes) -> bool:
    word = _WORD.match(code)
    name = word.group(1).upper() if word else ""
    if has_path(code):
        return notes.add("docx.path", place, code)
    if name in _UNSEEN:
        return notes.add("docx.index-entry", place, code)
    return name in _FROZEN and notes.add("docx.field", place, code)


class _Open:
    """A field that has begun: what stands before its separator, and its three marks."""

    def __init__(self, begin: Element) -> None:
        self.marks = [begin]
        self.code: list[Element] = []
        self.in_result = False

    def text(self) -> str:
        return "".join(
            one.text or ""
            for one in self.code
            if short(one.tag) in {"w:instrText", "w:delInstrText"}
        )


def _freeze_complex(root: Element, place: str, notes: Notes) -> bool:
    doomed: list[Element] = []
    stack: list[_Open] = []
    for one in find_all(root, *_PIECES):
        kind = attribute(one, "w:fldCharType") if short(one.tag) == "w:fldChar" else ""
        for field in stack:
            if not field.in_result:
                field.code.append(one)
        if kind == "begin":
            stack.append(_Open(one))
        elif kind in {"separate", "end"} and stack:
            field = stack[-1]
            if one in field.code:
                field.code.remove(one)
            field.marks.append(one)
            field.in_result = True
            if kind == "end":
                stack.pop()
                if _tells(field.text(), place, notes):
                    doomed += [*field.marks, *field.code]
    for one in doomed:
        _take(one)
    return bool(doomed)


def _take(one: Element) -> None:
    """Remove a piece, and its run when nothing else is in it."""
    run = one.getparent()
    remove(one)
    if run is not None and short(run.tag) == "w:r":
        rest = [other for other in run if short(other.tag) != "w:rPr"]
        if not rest:
            remove(run)
