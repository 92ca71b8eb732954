"""An independent look at what a Word document shows: the same as before it.

Like `audit` it shares no code with the removal or the digest.
"""

import io
import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.audit_xml import LOCAL, bare, may_hold, parsed
from meti_desk.formats.audit_zip import AuditedZip
from meti_desk.formats.base import ScrubOrder
from meti_desk.formats.ooxml.audit_pixels import pixels

if TYPE_CHECKING:
    from lxml import etree

_SHAPES = frozenset({"shape", "rect", "oval", "line", "group"})
_NEVER = frozenset(
    {
        *("instrText", "delInstrText", "pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr", "sdtPr"),
        *("fldData", "ffData", "smartTagPr", "customXmlPr", "tblGrid", "docPr", "OLEObject"),
    }
)


@dataclass(slots=True)
class _View:
    """What a walk has seen: text, pictures by relationship id, notes, open fields."""

    dropped: frozenset[str]
    hidden: frozenset[str]
    kept: frozenset[str]
    """Which of hidden runs and shapes were to stay: `run`, `shape`."""
    text: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fields: list[bool] = field(default_factory=list)


def compare_seen(source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
    """Raise `InvalidInput("scrub.text-changed", what=…)` where text or pictures differ."""
    before = _shown(source, order)
    after = _shown(result, order)
    for what in before:
        if before[what] != after[what]:
            raise InvalidInput("scrub.text-changed", what=what)


def _shown(source: BinaryIO, order: ScrubOrder) -> dict[str, object]:
    source.seek(0)
    with AuditedZip(io.BytesIO(source.read())) as box:
        names = {name.casefold(): name for name in box.namelist()}
        main = {kind: target for kind, target, _ in _links(box, names, "")}["officeDocument"]
        links = _links(box, names, main)
        hidden = _hiding_styles(box, links)
        keep = set(order.keep)
        kept = {"run"} if {"docx.hidden-text", "7"} & keep else set()
        kept |= {"shape"} if {"docx.hidden-shape", "7"} & keep else set()
        keeps = frozenset(kept)
        removed = order.revisions != "reject"
        dropped = frozenset({"del", "moveFrom"} if removed else {"ins", "moveTo"})

        def look(part: str) -> _View:
            view = _View(dropped, hidden, keeps)
            _walk(_parsed(box, part), view)
            return view

        body = look(main)
        sides = [look(target) for kind, target, _ in links if kind in {"header", "footer"}]
        return {
            "body": _plain(body),
            "headers": sorted({_plain(one) for one in sides} - {""}),
            "notes": _notes(box, links, body, _View(dropped, hidden, keeps)),
            "pictures": _pictures(box, names, main, body),
        }


def _plain(view: _View) -> str:
    return bare("".join(view.text))


def _parsed(box: zipfile.ZipFile, part: str) -> "etree._Element":
    return parsed(box.read(part))


def _value(one: "etree._Element", name: str) -> str:
    for key, value in one.items():
        if LOCAL[key] == name:
            return str(value)
    return ""


def _links(box: zipfile.ZipFile, names: dict[str, str], part: str) -> list[tuple[str, str, str]]:
    """Give (kind, member, id) of the inner relationships of a part."""
    folder, _, last = part.rpartition("/")
    rels = names.get(posixpath.join(folder, "_rels", last + ".rels").casefold())
    if rels is None:
        return []
    found = []
    for one in _parsed(box, rels):
        target = unquote(str(one.get("Target") or "")).partition("#")[0]
        path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        member = names.get(posixpath.normpath(path).casefold())
        if member is not None and one.get("TargetMode") != "External":
            kind = str(one.get("Type")).rpartition("/")[2]
            found.append((kind, member, str(one.get("Id"))))
    return found


def _hiding_styles(box: zipfile.ZipFile, links: list[tuple[str, str, str]]) -> frozenset[str]:
    part = next((target for kind, target, _ in links if kind == "styles"), None)
    if part is None:
        return frozenset()
    data = box.read(part)
    if not may_hold(data, (b"vanish",)):
        return frozenset()
    said: dict[str, bool] = {}
    based: dict[str, str] = {}
    for style in parsed(data):
        if LOCAL[style.tag] != "style":
            continue
        name = _value(style, "styleId")
        for one in style:
            if LOCAL[one.tag] == "basedOn":
                based[name] = _value(one, "val")
            for inner in one if LOCAL[one.tag] == "rPr" else ():
                if LOCAL[inner.tag] == "vanish":
                    said[name] = _value(inner, "val") not in {"0", "false", "off"}
    hiding = {name for name, hides in said.items() if hides}
    grown = True
    while grown:
        more = {n for n, base in based.items() if base in hiding and n not in said} - hiding
        hiding |= more
        grown = bool(more)
    return frozenset(hiding)


def _walk(one: "etree._Element", view: _View) -> None:
    name = LOCAL[one.tag]
    if not name or name in _NEVER or name in view.dropped or _is_left_out(one, name, view):
        return
    if name == "fldChar":
        _field(_value(one, "fldCharType"), view)
    elif name in {"t", "delText"}:
        if all(view.fields):
            view.text.append(one.text or "")
    elif name in {"footnoteReference", "endnoteReference"}:
        view.notes.append(name[:-9] + _value(one, "id"))
    elif name in {"blip", "imagedata"}:
        view.pictures.append(_value(one, "embed") or _value(one, "id") or _value(one, "pict"))
    if name == "AlternateContent":
        chosen = [c for c in one if LOCAL[c.tag] == "Choice"] or list(one)
        for inner in chosen[:1]:
            _walk(inner, view)
        return
    for inner in one:
        _walk(inner, view)


def _field(kind: str, view: _View) -> None:
    if kind == "begin":
        view.fields.append(False)
    elif kind == "separate" and view.fields:
        view.fields[-1] = True
    elif kind == "end" and view.fields:
        view.fields.pop()


def _is_left_out(one: "etree._Element", name: str, view: _View) -> bool:
    if name == "sdt":
        tags = [_value(t, "val") for p in one if LOCAL[p.tag] == "sdtPr" for t in p]
        return "jp.go.meti.mark" in tags and "hdr" in {LOCAL[u.tag] for u in one.iterancestors()}
    if name == "tr":
        marks = {LOCAL[m.tag] for p in one if LOCAL[p.tag] == "trPr" for m in p}
        return bool(marks & view.dropped)
    if name == "tc":
        gone = "cellDel" if "del" in view.dropped else "cellIns"
        return any(LOCAL[m.tag] == gone for p in one if LOCAL[p.tag] == "tcPr" for m in p)
    return ("run" if name == "r" else "shape") not in view.kept and _is_hidden(one, name, view)


def _is_hidden(one: "etree._Element", name: str, view: _View) -> bool:
    if name == "r" and _is_hidden_run(one, view):
        for inner in one:
            if LOCAL[inner.tag] == "fldChar":
                _field(_value(inner, "fldCharType"), view)
        return True
    if name in {"anchor", "inline"}:
        return any(d.get("hidden") in {"1", "true"} for d in one if LOCAL[d.tag] == "docPr")
    if name in _SHAPES:
        return "visibility:hidden" in str(one.get("style") or "").replace(" ", "").lower()
    return False


def _is_hidden_run(run: "etree._Element", view: _View) -> bool:
    properties = [p for p in run if LOCAL[p.tag] == "rPr"]
    inner = {LOCAL[p.tag]: p for holder in properties for p in holder}
    if "vanish" in inner:
        return _value(inner["vanish"], "val") not in {"0", "false", "off"}
    if "rStyle" in inner and _value(inner["rStyle"], "val") in view.hidden:
        return True
    paragraph = next((up for up in run.iterancestors() if LOCAL[up.tag] == "p"), None)
    if paragraph is None or not view.hidden:
        return False
    styles = [
        _value(s, "val")
        for p in paragraph
        if LOCAL[p.tag] == "pPr"
        for s in p
        if LOCAL[s.tag] == "pStyle"
    ]
    return any(style in view.hidden for style in styles)


def _notes(
    box: zipfile.ZipFile, links: list[tuple[str, str, str]], body: _View, view: _View
) -> str:
    """Give the text of the notes that the body refers to."""
    for kind, target, _ in links:
        if kind not in {"footnotes", "endnotes"}:
            continue
        for note in _parsed(box, target):
            if kind[:-1] + _value(note, "id") in body.notes:
                _walk(note, view)
    return _plain(view)


def _pictures(box: zipfile.ZipFile, names: dict[str, str], main: str, body: _View) -> list[str]:
    """Give the pictures of the body in their order, each by its pixels."""
    by_id = {link_id: target for _, target, link_id in _links(box, names, main)}
    return [pixels(box.read(by_id[one])) for one in body.pictures if one in by_id]
