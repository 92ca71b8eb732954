"""An independent look at what a presentation shows: the same as before it was scrubbed.

Like `slide_audit` it shares no code with the removal or the digest.
"""

import hashlib
import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import BinaryIO

from lxml import etree

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.formats.audit_xml import LOCAL, bare, may_hold, parsed
from meti_desk.formats.base import DocumentFormat, ScrubOrder
from meti_desk.formats.ooxml.slide_audit_read import (
    Area,
    Deck,
    embed_id,
    inner_area,
    is_beside,
    link_id,
    local,
    name_of,
)

_ON = frozenset({"1", "true"})
_HEAD = 1 << 16
_LARGEST = 24 << 20
_SMALLEST_SEEN = 200
_FAINTEST_SEEN = 1.0
"""Per cent."""
_SHAPES = frozenset({"sp", "pic", "cxnSp", "graphicFrame", "contentPart"})
_WEB = re.compile(r"(?:https?|mailto|ftp):", re.IGNORECASE)
_MARK = "jp.go.meti.mark"
_OLE = frozenset({"oleObj"})
_NOT_SHOWN = frozenset({"imgProps", ""})
_NOT_PLAIN = (b"AlternateContent", b"imgProps", b"oleObj", b"noFill", b"alpha")
_SMALL = re.compile(rb"""\ssz\s*=\s*["']0*(?:\d\d?|1\d\d)["']""")
_LINKING = re.compile(rb"""xmlns:([^\s=:]+)\s*=\s*["'][^"']*relationships["']""")
"""Prefixes of attributes that lead to other parts."""
_RUNS = frozenset({"r", "fld"})
_CLICKS = frozenset({"hlinkClick", "hlinkHover", "hlinkMouseOver"})


@dataclass(slots=True)
class _View:
    """What a page shows: text, media by member, links into the web; and what lies beside it.

    A `plain` page has nothing but text, all of it shown.
    """

    plain: bool
    text: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    beside: Counter[str] = field(default_factory=Counter)


class _Shown(Deck):
    """One presentation with what its pages show."""

    def view(self, part: str) -> _View:
        data = self.box.read(part)
        seen = _View(plain=_is_plain_text(data))
        for holder in parsed(data):
            for one in holder if local(holder) == "cSld" else ():
                if local(one) == "spTree":
                    self._walk(one, part, seen, self.area)
                elif local(one) == "bg":
                    self._look(one, part, seen)
        return seen

    def _walk(self, parent: "etree._Element", part: str, seen: _View, area: Area) -> None:
        for one in parent:
            name = local(one)
            if name == "AlternateContent":
                chosen = [held for held in one if local(held) in {"Choice", "Fallback"}]
                for first in chosen[:1]:
                    self._walk(first, part, seen, area)
            elif name == "grpSp":
                if not self._is_hidden(one):
                    self._walk(one, part, seen, inner_area(one, area))
            elif name in _SHAPES and not self._is_hidden(one):
                if self.order.purpose == "publish" and name_of(one) == _MARK:
                    continue
                if is_beside(one, area):
                    aside = _View(plain=seen.plain)
                    self._look(one, part, aside)
                    seen.beside["".join("".join(aside.text).split())] += 1
                else:
                    self._look(one, part, seen)

    def _is_hidden(self, shape: "etree._Element") -> bool:
        if {"pptx.hidden-shape", "7"} & self.keep:
            return False
        return any(
            local(one) == "cNvPr" and one.get("hidden") in _ON
            for holder in shape
            if local(holder).startswith("nv")
            for one in holder
        )

    def _look(self, shape: "etree._Element", part: str, seen: _View) -> None:
        """Take in everything that a shape shows, wherever it lies in it."""
        if seen.plain:
            seen.text += [one.text or "" for one in shape.iter("{*}t")]
            return
        waiting = [shape]
        while waiting:
            one = waiting.pop()
            name = LOCAL[one.tag]
            if name in _NOT_SHOWN or (name in _RUNS and self._is_faint(one)):
                continue
            if name == "t":
                seen.text.append(one.text or "")
            elif name == "graphicFrame" and any(LOCAL[held.tag] in _OLE for held in one.iter()):
                self._object(one, part, seen)
                continue
            elif name in _CLICKS:
                self._click(one, part, seen)
            for key, value in one.items():
                if str(key).rpartition("}")[0].endswith("relationships"):
                    self._follow(part, str(value), LOCAL[key], seen)
            if len(one):
                inner = list(one)[:1] if name == "AlternateContent" else list(one)
                waiting += reversed(inner)

    def _click(self, one: "etree._Element", part: str, seen: _View) -> None:
        link = self.links(part).get(link_id(one))
        if link is not None and link.outside and _WEB.match(link.target):
            seen.links.append(link.target)

    def _is_faint(self, run: "etree._Element") -> bool:
        return not {"pptx.hidden-text", "7"} & self.keep and is_faint(run)

    def _follow(self, part: str, link_id: str, what: str, seen: _View) -> None:
        link = self.links(part).get(link_id)
        if link is None or link.outside or not link.target:
            return
        if link.kind in {"chart", "chartEx"}:
            root = self.parsed(link.target)
            words = [held for held in root.iter() if local(held) in {"v", "t", "pt"}]
            words = [held for held in words if not _filtered(held)]
            seen.text += [held.text or "" for held in words]
            seen.media += self.named(link.target, "image")
        elif link.kind == "diagramData" and what == "dm":
            root = self.parsed(link.target)
            seen.text += [held.text or "" for held in root.iter() if local(held) == "t"]
            for drawing in self.named(part, "diagramDrawing"):
                drawn = self.parsed(drawing)
                seen.text += [held.text or "" for held in drawn.iter() if local(held) == "t"]
        elif link.kind in {"image", "media", "video", "audio"} and what in {"embed", "link", "id"}:
            seen.media.append(link.target)
        elif link.kind == "customXml":
            root = self.parsed(link.target)
            seen.text += [held.text or "" for held in root.iter() if local(held) == "trace"]

    def _object(self, frame: "etree._Element", part: str, seen: _View) -> None:
        """Take in the picture that stands for an embedded object."""
        for picture in frame.iter():
            if local(picture) != "pic":
                continue
            blips = [held for held in picture.iter() if local(held) == "blip"]
            if any(embed_id(held) in self.links(part) for held in blips):
                self._look(picture, part, seen)
                return
        shapes = {str(one.get("spid")) for one in frame.iter() if one.get("spid")}
        for drawing in self.named(part, "vmlDrawing"):
            try:
                root = self.parsed(drawing)
            except etree.XMLSyntaxError:
                continue
            for one in root.iter():
                if one.get("id") in shapes:
                    datas = [held for held in one.iter() if local(held) == "imagedata"]
                    ids = [str(v) for held in datas for k, v in held.attrib.items()
                           if LOCAL[k] in {"relid", "id"}]  # fmt: skip
                    links = [self.links(drawing)[i] for i in ids if i in self.links(drawing)]
                    seen.media += [link.target for link in links if link.target]
                    return


def _is_plain_text(data: bytes) -> bool:
    """Tell whether a part has no links, no alternatives and no letters that may be faint.

    Most layouts are such parts, and a presentation has many of them.
    """
    if may_hold(data, _NOT_PLAIN) or _SMALL.search(data):
        return False
    blanks = (b" ", b"\t", b"\r", b"\n")
    return not any(
        blank + prefix + b":" in data for prefix in set(_LINKING.findall(data)) for blank in blanks
    )


def compare_seen(source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
    """Raise `InvalidInput("scrub.text-changed", what=…)` where text, media or links differ."""
    before, after = _Shown(source, order), _Shown(result, order)
    one, two = before.seen_slides(), after.seen_slides()
    _nothing_lost(after, two)
    if len(one) != len(two):
        raise InvalidInput("scrub.text-changed", what="slides")
    known: dict[tuple[str, str], bool] = {}
    passed: set[tuple[str, str]] = set()
    for number, pair in enumerate(zip(one, two, strict=True), start=1):
        waiting = [pair]
        while waiting:
            mine, its = waiting.pop()
            if (mine, its) in passed:
                continue
            passed.add((mine, its))
            _same_page(before, after, (mine, its), number, known)
            for kind in ("slideLayout", "slideMaster", "notesSlide"):
                held, other = before.named(mine, kind), after.named(its, kind)
                if kind == "notesSlide" and not other:
                    continue  # it went, or was to go and is found by name
                if kind == "slideMaster" and before.named(mine, "slideLayout"):
                    continue
                if len(held) != len(other):
                    raise _changed(number)
                waiting += list(zip(held, other, strict=True))


def _nothing_lost(after: _Shown, shown: list[str]) -> None:
    """See to it that no member is left that nothing leads to, and no slide that nobody is shown."""
    lost = [] if {"pptx.orphan", "8"} & after.keep else after.unreachable()
    if lost:
        raise InvalidInput("scrub.left-behind", kind="pptx.orphan", member=lost[0])
    if after.hidden_alone and len(shown) != len(after.slides):
        raise InvalidInput("scrub.left-behind", kind="pptx.hidden-slide", member=after.main)


def _same_page(
    before: _Shown,
    after: _Shown,
    pair: tuple[str, str],
    number: int,
    known: dict[tuple[str, str], bool],
) -> None:
    mine, its = before.view(pair[0]), after.view(pair[1])
    plain = [bare("".join(view.text)) for view in (mine, its)]
    if plain[0] != plain[1] or mine.links != its.links or its.beside - mine.beside:
        raise _changed(number)
    if len(mine.media) != len(its.media):
        raise _changed(number)
    for two in zip(mine.media, its.media, strict=True):
        if two not in known:
            known[two] = _same_medium(before.box, after.box, two)
        if not known[two]:
            raise _changed(number)


def _changed(number: int) -> InvalidInput:
    return InvalidInput("scrub.text-changed", what=f"slide {number}")


def _same_medium(one: zipfile.ZipFile, two: zipfile.ZipFile, names: tuple[str, str]) -> bool:
    """Tell whether two media show the same: the same bytes, or proven so by their family."""
    if _digest(one, names[0]) == _digest(two, names[1]):
        return True
    infos = one.getinfo(names[0]), two.getinfo(names[1])
    if max(info.file_size for info in infos) > _LARGEST:
        return False
    first, second = one.read(infos[0]), two.read(infos[1])
    family = media_families(first)
    if family is None:
        return False
    everything = ScrubOrder(keep=tuple(str(group) for group in range(1, 16)))
    try:
        family.verify_scrub(io.BytesIO(first), io.BytesIO(second), everything)
    except MetiDeskError:
        return False
    return True


def _digest(box: zipfile.ZipFile, name: str) -> bytes:
    total = hashlib.sha256()
    with box.open(name) as data:
        while piece := data.read(_HEAD):
            total.update(piece)
    return total.digest()


def media_families(data: bytes) -> DocumentFormat | None:
    """Find the family of a medium, which proves for itself that it shows the same."""
    from meti_desk.formats.registry import find

    try:
        family = find(io.BytesIO(data)).family
    except MetiDeskError:
        return None
    documents = {"docx", "xlsx", "pptx", "odf", "archive", "pdf", "mail", "msg", "legacy"}
    return None if family.id in documents | {"text", "other", "sidecar"} else family


def is_faint(run: "etree._Element") -> bool:
    """Tell whether letters are too small or too transparent to be seen."""
    for one in run:
        if local(one) != "rPr":
            continue
        size = str(one.get("sz") or "")
        if size.isascii() and size.isdigit() and float(size) < _SMALLEST_SEEN:
            return True
        inner = {local(held): held for held in one}
        if "ln" in inner and "noFill" not in {local(held) for held in inner["ln"]}:
            return False
        if "noFill" in inner:
            return True
        if "solidFill" in inner:
            alphas = [held for held in inner["solidFill"].iter() if local(held) == "alpha"]
            return any(_per_cent(str(held.get("val"))) <= _FAINTEST_SEEN for held in alphas)
    return False


def _per_cent(text: str) -> float:
    try:
        return float(text.rstrip("%")) if text.endswith("%") else float(text) / 1000
    except ValueError:
        return 100.0


def _filtered(one: "etree._Element") -> bool:
    return any(local(above).startswith("filtered") for above in one.iterancestors())
