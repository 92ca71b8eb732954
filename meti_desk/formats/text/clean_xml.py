"""Taking out of plain XML what no reader of its data sees: comments, instructions, local DTDs.

Elements, attributes and text are the content and stay byte for byte; paths and names that stand
there are told. XML that is really a document of some program - Word's or Excel's, an XMP packet -
is refused: what it hides is not known here.
"""

import re
from typing import NamedTuple

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.noting import Notes
from meti_desk.formats.text.kinds import (
    XML_COMMENT,
    XML_DOCTYPE,
    XML_ENTITIES,
    XML_INSTRUCTION,
    XML_PATH,
    XML_PERSON,
)

_DECLARED = re.compile(r"""\A<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_TOKEN = re.compile(
    r"<!--(?P<comment>.*?)-->|<\?(?P<instruction>.*?)\?>|<!\[CDATA\[(?P<data>.*?)\]\]>"
    r"|<!DOCTYPE(?P<doctype>(?:[^\[<>\"']|\"[^\"]*\"|'[^']*')*(?P<subset>\[)?)"
    r"|<(?P<tag>/?[^\s!?/<>](?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>|(?P<text>[^<]+)",
    re.DOTALL,
)
_LOOKS = ("xml-stylesheet", "xml-model")
"""Instructions that say how the data is shown or what it has to look like."""
_ON_DISK = re.compile(
    r"file:|\b[A-Za-z]:[\\/](?!/)|(?<![\w\\:/])\\\\[\w.-]+\\|(?<![\w/.])/(?:home|Users)/\w",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"(?:[\w.-]+:)?(?:author|creator|last-?author|last-?modified-?by|user-?name|owner|editor"
    r"|modified-?by|created-?by)\Z",
    re.IGNORECASE,
)
_PROGRAMS = (
    *("schemas.microsoft.com/office", "urn:schemas-microsoft-com:office", "adobe:ns:meta/"),
    *("schemas.openxmlformats.org", "urn:oasis:names:tc:opendocument", "www.w3.org/2000/svg"),
)
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_STATEFUL = re.compile(r"iso-?2022|utf-?7|utf-?32|ucs-4|ebcdic|cp037|hz", re.IGNORECASE)
_NAME = re.compile(r"/?([^\s/>]+)")


class _Text(NamedTuple):
    """The characters of a file, and the coding that gives back the same bytes."""

    text: str
    coding: str

    def value(self, text: str) -> bytes | str:
        """Give a piece as it is to be shown: where it is bytes as they stand, they are decoded."""
        return text.encode(self.coding) if self.coding == "latin-1" else text


def clean_xml(data: bytes, notes: Notes) -> bytes:
    """Give the XML without what is not its data.

    Raises `RuleViolation("scrub.unsupported-format")` for documents of programs and codings in
    which a sign of XML may be part of another character; `InvalidInput("document.damaged")`.
    """
    held = _decoded(data)
    kept: list[str] = []
    at, person = 0, ""
    while at < len(held.text) and (found := _TOKEN.match(held.text, at)):
        at = found.end()
        kind, told = str(found.lastgroup), found[0]
        if kind in ("doctype", "subset"):
            at, told = _doctype(held, found, notes)
            if at < 0:
                break
            kept.append(told)
            if found["subset"]:
                return _whole(held, kept, at, notes)
        elif kind == "comment":
            kept.append("" if notes.add(XML_COMMENT, "", held.value(found["comment"])) else told)
        elif kind == "instruction":
            kept.append(_instruction(found["instruction"], told, notes, held))
        else:
            person = _content(kind, told, person, notes, held)
            kept.append(told)
    if at != len(held.text):
        raise InvalidInput("document.damaged", reason="xml")
    return "".join(kept).encode(held.coding)


def _whole(held: _Text, kept: list[str], at: int, notes: Notes) -> bytes:
    """End where entities are defined: what is seen stands in them, a person has to decide."""
    notes.add(XML_ENTITIES, "", "DOCTYPE")
    return ("".join(kept) + held.text[at:]).encode(held.coding)


def _decoded(data: bytes) -> _Text:
    """Read bytes so that every sign of XML is itself and nothing else is lost."""
    coding = _UTF16.get(data[:2], "latin-1")
    try:
        text = data.decode(coding)
    except UnicodeDecodeError as bad:
        raise InvalidInput("document.damaged", reason="xml") from bad
    said = _DECLARED.search(text.lstrip("\ufeff").removeprefix("ï»¿"))
    if (said and _STATEFUL.search(said[1])) or any(one in text for one in _PROGRAMS):
        raise RuleViolation("scrub.unsupported-format", articles=("14-7",), format="xml")
    return _Text(text, coding)


def _instruction(inside: str, told: str, notes: Notes, held: _Text) -> str:
    name = inside.split(None, 1)[0] if inside.strip() else ""
    if name.lower() == "xml":
        return told
    if name in _LOOKS and not _ON_DISK.search(inside):
        return told
    return "" if notes.add(XML_INSTRUCTION, "", held.value(inside)) else told


def _doctype(held: _Text, found: re.Match[str], notes: Notes) -> tuple[int, str]:
    """Look at a DOCTYPE; gives where it ends (-1: nowhere) and what stays of it."""
    if found["subset"]:
        return found.end(), found[0]
    if held.text[found.end() : found.end() + 1] != ">":
        return -1, ""
    told = f"{found[0]}>"
    gone = _ON_DISK.search(told) is not None and notes.add(XML_DOCTYPE, "", held.value(told))
    return found.end() + 1, "" if gone else told


def _content(kind: str, told: str, person: str, notes: Notes, held: _Text) -> str:
    """Tell paths and names in what stays; gives the element of a person that was opened."""
    if _ON_DISK.search(told):
        notes.add(XML_PATH, person, held.value(told.strip()))
    if kind == "tag":
        name = _NAME.match(told[1:])
        opened = name is not None and not told.startswith("</") and _PEOPLE.match(name[1])
        return name[1] if opened and name is not None else ""
    if person and told.strip():
        notes.add(XML_PERSON, person, held.value(told.strip()))
    return person
