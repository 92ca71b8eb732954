"""An independent look at what an OpenDocument file shows: the same as before it was scrubbed.

Like `audit` it shares no code with the removal or with the walk that the digest is made of.
"""

import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.audit_xml import LOCAL, bare, parsed
from meti_desk.formats.audit_zip import AuditedZip
from meti_desk.formats.base import ScrubOrder
from meti_desk.formats.media_digest import media_digest
from meti_desk.formats.odf import audit_rows
from meti_desk.formats.odf.audit_rows import by_rows, is_large_book

if TYPE_CHECKING:
    from lxml import etree

_NEVER = frozenset(
    {
        *("tracked-changes", "annotation", "annotation-end", "notes", "desc", "scripts"),
        *("event-listeners", "dde-links", "note-citation", "user-field-decls", "variable-decls"),
        *("content-validations", "page-number", "page-count", "file-name", "template-name"),
        *("settings", "image", "object-ole", "script", "binary-data", "forms"),
    }
)
_MARK = "jp.go.meti."
_CANONICAL = re.compile(r"機密性[1-3]情報（完全性[12]・可用性[12]）")
_HEADER = "region-right"
_FAMILIES = {"p": "paragraph", "h": "paragraph", "span": "text", "a": "text", "page": "page"}
_MAY_HIDE = frozenset(
    {
        *_FAMILIES,
        *("section", "variable-set", "variable-input", "user-field-get", "hidden-text"),
        *("frame", "table"),
    }
)
"""What may be switched off; all else is unseen only as our mark in a header."""


def compare_seen(source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
    """Raise `InvalidInput("scrub.text-changed", what=…)` where text or pictures differ."""
    before, after = _shown(source, order), _shown(result, order)
    for what in before:
        if before[what] != after[what]:
            raise InvalidInput("scrub.text-changed", what=what)


def _shown(source: BinaryIO, order: ScrubOrder) -> dict[str, object]:
    source.seek(0)
    with AuditedZip(source) as box:
        content, styles = (_parsed(box, name) for name in ("content.xml", "styles.xml"))
        hiding = frozenset() if {"odf.hidden-text", "7"} & set(order.keep) else _hiding(
            [tree for tree in (styles, content) if tree is not None]
        )  # fmt: skip
        slides = frozenset() if {"odf.hidden-slide", "7"} & set(order.keep) else _hidden_slides(
            content
        )  # fmt: skip
        if content is not None and box.getinfo("content.xml").file_size > audit_rows.LARGE:
            data = box.read("content.xml")
            content = _with_words(data, hiding | slides) if is_large_book(data) else content
        body = "" if content is None else "".join(_text(content, hiding | slides))
        pages = "" if styles is None else "".join(_text(styles, hiding))
        pictures = sorted(_pictures(box, content, hiding | slides))
    return {"body": bare(body), "headers": bare(pages), "pictures": pictures}


def _parsed(box: zipfile.ZipFile, name: str) -> "etree._Element | None":
    if name not in box.namelist():
        return None
    data = box.read(name)
    if not is_large_book(data):
        return parsed(data, large=True)
    # For the styles alone: the rows are read again where it is known what hides.
    return by_rows(data, lambda row: None if _has(row, "style") else "", huge=True)


def _with_words(data: bytes, hiding: frozenset[str]) -> "etree._Element":
    """Parse a large content; each row of its sheets has its shown words for a text and is bare."""

    def look(row: "etree._Element") -> str | None:
        return None if _has(row, "image") else bare("".join(_text(row, hiding)))

    return by_rows(data, look, huge=True)


def _has(element: "etree._Element", name: str) -> bool:
    return next(element.iter("{*}" + name), None) is not None


def _hiding(trees: "list[etree._Element]") -> frozenset[str]:
    """Name the styles that hide, as `family:name`; children hide like their parents."""
    own: dict[str, str] = {}
    parents: dict[str, str] = {}
    for tree in trees:
        for style in tree.iter("{*}style"):
            family = _value(style, "family")
            key = f"{family}:{_value(style, 'name')}"
            said = [_value(one, "display") for one in style.iter("{*}text-properties")]
            own[key] = said[0] if said else ""
            parents[key] = f"{family}:{_value(style, 'parent-style-name')}"
    found = set()
    for key in own:
        at, steps = key, 0
        while at in own and not own[at] and steps <= len(own):
            at, steps = parents[at], steps + 1
        if own.get(at) == "none":
            found.add(key)
    return frozenset(found)


def _hidden_slides(tree: "etree._Element | None") -> frozenset[str]:
    if tree is None:
        return frozenset()
    return frozenset(
        "page:" + _value(style, "name")
        for style in tree.iter("{*}style")
        for one in style.iter("{*}drawing-page-properties")
        if _value(one, "visibility") == "hidden"
    )


def _text(element: "etree._Element", hiding: frozenset[str], above: str = "") -> list[str]:
    """Give the text that is shown; `above` is the name of what the element lies in."""
    local = LOCAL[element.tag]
    if local in _NEVER or (local == "title" and "svg" in str(element.tag)):
        return []
    if (local in _MAY_HIDE or above == _HEADER) and _unseen(element, local, hiding):
        return []
    found = [element.text or ""]
    for one in element:
        if isinstance(one.tag, str):
            found += _text(one, hiding, local)
        if one.tail:
            found.append(one.tail)
    return found


def _unseen(element: "etree._Element", local: str, hiding: frozenset[str]) -> bool:
    family = _FAMILIES.get(local)
    if family is not None and f"{family}:{_value(element, 'style-name')}" in hiding:
        return True
    if local in {"section", "variable-set", "variable-input", "user-field-get"}:
        return _value(element, "display") == "none" or _value(element, "is-hidden") == "true"
    if local == "hidden-text":
        return _value(element, "is-hidden") == "true"
    if local in {"frame", "table"}:
        named = _value(element, "name")
        if (local == "frame" and named.startswith(_MARK)) or (local == "table" and "'#$" in named):
            return True
    parent = element.getparent()
    if parent is None or LOCAL[parent.tag] != _HEADER:
        return False
    words = "".join("".join(str(piece) for piece in element.itertext()).split())
    return bool(_CANONICAL.match(words))


def _value(element: "etree._Element", name: str) -> str:
    for key, value in element.items():
        if LOCAL[key] == name:
            return str(value)
    return ""


def _pictures(
    box: zipfile.ZipFile, content: "etree._Element | None", hiding: frozenset[str]
) -> Iterator[str]:
    """Digest the pictures that the text and the slides show."""
    held = set(box.namelist())
    for image in () if content is None else content.iter("{*}image"):
        holders = [one for one in image.iterancestors() if isinstance(one.tag, str)]
        names = [LOCAL[one.tag] for one in holders]
        if "notes" in names or any(
            _unseen(one, name, hiding) for one, name in zip(holders, names, strict=True)
        ):
            continue
        href = _value(image, "href").removeprefix("./")
        if href in held:
            yield media_digest(box.read(href))
