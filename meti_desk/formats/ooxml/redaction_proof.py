"""An independent look at a redacted Word document: the words are nowhere, all else stands.

Shares no code with the redaction: it unzips with the standard library and goes through every
member. Texts may differ only in characters that became █.
"""

import posixpath
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO
from urllib.parse import unquote

from lxml import etree

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.redaction import RedactOrder

_BLACK = "█"
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"})
_CODES = frozenset({"instrText", "delInstrText"})
_TEXT = frozenset({"t", "delText", "v"})
_FONTS = frozenset({"ascii", "hAnsi", "eastAsia", "cs", "typeface", "panose", "altName"})
_SPOKEN = frozenset(
    {"descr", "title", "alt", "string", "tooltip", "displayText", "anchor", "instr", "Target"}
)
"""Attributes that a person writes; others hold the words of the format itself."""
_VALUED = frozenset(
    {"alias", "tag", "lvlText", "default", "helpText", "statusText", "caption", "listItem"}
)
_NAMED = frozenset({"docPr", "cNvPr", "bookmarkStart"})
_USUAL = re.compile(
    r"(image|media|document|header|footer|styles\w*|settings|theme|chart|numbering|fontTable|"
    r"webSettings|footnotes|endnotes|custom|data|layout|quickStyle|colors|drawing|item|\.rels|"
    r"\[Content_Types\]|stylesWithEffects)\d*(\.\w+)*"
)
"""Names of members that every such file has."""
_ENCODINGS = ("utf-8", "utf-16-le", "cp932")
_SHORTEST = 6


def verify_redaction(before: BinaryIO, after: BinaryIO, order: RedactOrder) -> None:
    """Prove a redacted document against the scrubbed one.

    Raises `InvalidInput`: `redact.left-behind`, `redact.text-changed`, both with `place`.
    """
    words = [flat for word in order.words if (flat := _flat(word))]
    try:
        with _opened(before) as old, _opened(after) as new:
            _search(new, words)
            _compare(old, new)
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError) as bad:
        raise InvalidInput("redact.left-behind", place="package") from bad


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    file.seek(0)
    return zipfile.ZipFile(file)


def _flat(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(one for one in folded if unicodedata.category(one) not in _UNSEEN)


def _parsed(box: zipfile.ZipFile, name: str) -> "etree._Element":
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(box.read(name), parser)


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _is_xml(name: str, data: bytes) -> bool:
    return name.endswith((".xml", ".rels")) or data[:5] == b"<?xml"


def _search(box: zipfile.ZipFile, words: list[str]) -> None:
    """Look for the words in names, texts, attributes and, by their bytes, in all other members."""
    for name in box.namelist():
        data = box.read(name)
        base = posixpath.basename(name)
        if not _USUAL.fullmatch(base) and _tells(base, words):
            raise InvalidInput("redact.left-behind", place=name)
        if _is_xml(name, data):
            root = _parsed(box, name)
            foreign = [word for word in words if not word.isascii()]
            if any(_tells(text, words) for text in _texts(root)) or any(
                _tells(value, words if _is_spoken(one, key) else foreign)
                for one in root.iter()
                for key, value in _values(one)
            ):
                raise InvalidInput("redact.left-behind", place=name)
        elif any(needle in data for needle in _needles(words)):
            raise InvalidInput("redact.left-behind", place=name)


def _needles(words: list[str]) -> Iterator[bytes]:
    for word in words:
        for encoding in _ENCODINGS:
            data = word.encode(encoding, "ignore")
            if len(data) >= _SHORTEST:
                yield data


def _tells(text: str, words: list[str]) -> bool:
    if not words or not text:
        return False
    flat = _flat_short(text) if len(text) <= _SHORT else _flat(text)
    return any(word in flat for word in words)


_SHORT = 100


@lru_cache(maxsize=1 << 14)
def _flat_short(text: str) -> str:
    """Remember short texts: a document says the same ones thousands of times."""
    return _flat(text)


def _texts(root: "etree._Element") -> Iterator[str]:
    """Give the shown text of a part as one, its field codes as one, all other texts one by one."""
    yield "".join(one.text or "" for one in root.iter() if _local(one.tag) in _TEXT)
    yield "".join(one.text or "" for one in root.iter() if _local(one.tag) in _CODES)
    for one in root.iter():
        local = _local(one.tag)
        if local not in _TEXT and local not in _CODES:
            yield one.text or ""
        yield one.tail or ""


def _values(one: "etree._Element") -> Iterator[tuple[str, str]]:
    for key, value in one.attrib.items():
        name = str(key).rpartition("}")[2]
        if name not in _FONTS:
            yield name, str(value)
            yield name, unquote(str(value))


def _is_spoken(one: "etree._Element", key: str) -> bool:
    """Tell what a person wrote from words of the format, which may be any in Latin letters."""
    local = _local(one.tag)
    if key == "Target":
        return one.get("TargetMode") == "External"
    if key == "styleId" or (local == "name" and key == "val"):
        style = one if key == "styleId" else one.getparent()
        return style is not None and ("customStyle", "1") in set(_values(style))
    return key in _SPOKEN or (local in _NAMED and key == "name") or local in _VALUED


def _compare(old: zipfile.ZipFile, new: zipfile.ZipFile) -> None:
    """Find every text as it was, but for black signs."""
    names = set(new.namelist())
    for name in old.namelist():
        if name not in names:
            if name.startswith("word/") and name.endswith(".xml"):
                raise InvalidInput("redact.text-changed", place=name)
            continue
        if name.endswith(".xml") and not name.startswith(("docProps/", "[")):
            was, told = (_shown(_parsed(box, name)) for box in (old, new))
            if len(was) != len(told) or any(
                two not in {one, _BLACK} for one, two in zip(was, told, strict=True)
            ):
                raise InvalidInput("redact.text-changed", place=name)
        elif name.startswith("word/media/") and old.read(name) != new.read(name):
            raise InvalidInput("redact.text-changed", place=name)


def _shown(root: "etree._Element") -> str:
    return "".join(one.text or "" for one in root.iter() if _local(one.tag) in _TEXT)
