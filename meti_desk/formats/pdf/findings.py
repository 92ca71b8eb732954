"""Listing the 付加情報 of a PDF, by class, with place and value (9-11, 15 and others)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from meti_desk.formats.base import OWN_PREFIX, Finding, Removal, Severity
from meti_desk.formats.pdf import hidden, pdfium, properties, rawscan, xmp
from meti_desk.formats.pdf.graph import annotations, bad_action, containers, entry, is_local, told
from meti_desk.formats.pdf.imagemeta import media_only
from meti_desk.formats.pdf.images import picture_data

KINDS: dict[str, tuple[int, Severity, Removal]] = {
    "pdf.revisions": (9, "high", "removed"),
    "pdf.unreachable": (9, "high", "removed"),
    "pdf.foreign-data": (9, "medium", "removed"),
    "pdf.hidden-layer": (10, "high", "blocks"),
    "pdf.invisible-text": (10, "high", "blocks"),
    "pdf.covered-text": (10, "high", "blocks"),
    "pdf.covered-image": (10, "high", "blocks"),
    "pdf.text-without-contrast": (10, "high", "blocks"),
    "pdf.text-off-page": (10, "high", "blocks"),
    "pdf.tiny-text": (10, "medium", "blocks"),
    "pdf.dynamic-form": (10, "high", "blocks"),
    "pdf.attachment": (11, "high", "removed"),
    "pdf.javascript": (11, "high", "removed"),
    "pdf.action": (11, "medium", "removed"),
    "pdf.form-value": (11, "high", "replaced"),
    "pdf.annotation": (11, "high", "replaced"),
    "pdf.rich-media": (11, "medium", "removed"),
    "pdf.private-data": (11, "medium", "removed"),
    "pdf.object-metadata": (11, "medium", "removed"),
    "pdf.user-properties": (11, "medium", "removed"),
    "pdf.thumbnail": (5, "medium", "removed"),
    "pdf.local-link": (6, "high", "removed"),
    "pdf.image-metadata": (12, "high", "removed"),
    "pdf.info": (15, "high", "removed"),
    "pdf.xmp": (15, "high", "removed"),
}
"""Each kind of finding with its class, its severity and what a scrub does with it."""

_DATES_AND_PROGRAMS = ("/Producer", "/Creator", "/CreationDate", "/ModDate", "/Trapped", "/Title")
_DRAWN_ELSEWHERE = (Name.Link, Name.Widget, Name.Popup, Name.FileAttachment)
_RICH = (Name.RichMedia, Name("/3D"), Name.Screen, Name.Movie, Name.Sound)
_OF_TRAILER = frozenset(
    {
        *("/Root", "/Info", "/ID", "/Size", "/Prev", "/XRefStm", "/Encrypt"),
        *("/Type", "/Index", "/W", "/Length", "/Filter", "/DecodeParms"),
    }
)
_OUTWARD = (Name.Launch, Name.GoToR, Name.GoToE, Name.SubmitForm, Name.ImportData)
_MACHINERY = (Name.XRef, Name.ObjStm)
_SLACK = 32


def finding(
    kind: str, place: str, value: object = "", count: int = 1, severity: Severity | None = None
) -> Finding:
    """Make a finding of a kind that `KINDS` knows."""
    group, usual, removal = KINDS[kind]
    return Finding(kind, group, severity or usual, place, told(value), count, removal)


def find(pdf: pikepdf.Pdf, data: rawscan.Raw, view: BinaryIO) -> list[Finding]:
    """List all findings; `view` is what the second reader reads."""
    found = [*_of_file(pdf, data), *_of_info(pdf), *_of_layers(pdf)]
    reached = 0
    pictures = 0
    for one in containers(pdf):
        reached += bool(one.is_indirect)
        found += _of_object(pdf, one)
        if isinstance(one, Stream) and one.get("/Subtype") == Name.Image:
            pictures += _has_metadata(one)
    if pictures:
        found.append(finding("pdf.image-metadata", "images", "", pictures))
    lost = _alive(pdf) - reached
    if lost > 0:
        found.append(finding("pdf.unreachable", "file", f"{lost}", lost))
    for number, page in enumerate(pdf.pages, 1):
        found += _of_annotations(page, number)
    return [*_joined(found), *hidden_findings(view)]


def hidden_findings(view: BinaryIO) -> list[Finding]:
    """List hidden text, one finding for each kind and page."""
    found: list[Finding] = []
    with pdfium.document(view) as doc:
        for index in range(len(doc)):
            with pdfium.page(doc, index) as handle:
                pdfium.take_off_mark(handle)
                runs = hidden.hidden_text(handle)
            for kind, count in Counter(one.kind for one in runs).items():
                said = " ".join(one.text for one in runs if one.kind == kind)
                found.append(finding(kind, f"page {index + 1}", said, count))
    return found


def _joined(found: Iterable[Finding]) -> list[Finding]:
    """Count equal findings at one place as one."""
    counts: Counter[tuple[str, str, str, Severity]] = Counter()
    for one in found:
        counts[(one.kind, one.place, one.value, one.severity)] += one.count
    return [finding(kind, place, value, n, sev) for (kind, place, value, sev), n in counts.items()]


def _of_file(pdf: pikepdf.Pdf, data: rawscan.Raw) -> Iterator[Finding]:
    saved = rawscan.revisions(data) - bool(pdf.is_linearized)
    if saved > 1:
        yield finding("pdf.revisions", "file", f"{saved}", saved - 1)
    for key in pdf.trailer.keys():  # noqa: SIM118 - no dict
        if key not in _OF_TRAILER:
            yield finding("pdf.private-data", "trailer", key)
    end = data.rfind(b"%%EOF")
    if data.find(b"%PDF-") > 0 or (end >= 0 and len(data) - end > _SLACK):
        yield finding("pdf.foreign-data", "file")


def _of_info(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    info = properties.info_of(pdf)
    for key, value in info.items() if info is not None else ():
        if key[1:].startswith(OWN_PREFIX) or not told(value):
            continue
        low = key in _DATES_AND_PROGRAMS
        yield finding("pdf.info", key[1:], value, severity="low" if low else None)
    for tag, value in xmp.foreign(pdf):
        name = any(word in tag.lower() for word in ("creator", "author", "manager", "company"))
        program = tag.lower() == "creatortool"
        yield finding("pdf.xmp", tag, value, severity="high" if name and not program else "medium")


def _of_layers(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    layers = entry(pdf.Root, "/OCProperties", Dictionary)
    usual = entry(layers, "/D", Dictionary) if layers is not None else None
    if layers is not None and usual is not None:
        off = list(entry(usual, "/OFF", Array) or [])
        if usual.get("/BaseState") == Name.OFF:
            shown = {one.objgen for one in entry(usual, "/ON", Array) or []}
            off = [one for one in entry(layers, "/OCGs", Array) or [] if one.objgen not in shown]
        for one in off:
            if isinstance(one, Dictionary):
                yield finding("pdf.hidden-layer", "layers", one.get("/Name", ""))
    if bool(pdf.Root.get("/NeedsRendering", False)):
        yield finding("pdf.dynamic-form", "form")


def _of_object(pdf: pikepdf.Pdf, one: Any) -> Iterator[Finding]:
    """Tell what one dictionary or stream holds, by its keys alone."""
    keys = set(one.keys())
    if "/PieceInfo" in keys:
        parts = entry(one, "/PieceInfo", Dictionary)
        yield finding("pdf.private-data", "objects", ", ".join(parts) if parts else "")
    if "/Metadata" in keys and one.objgen != pdf.Root.objgen:
        yield finding("pdf.object-metadata", "objects", one.get("/Type", one.get("/Subtype", "")))
    if "/Thumb" in keys:
        yield finding("pdf.thumbnail", "pages")
    if "/EF" in keys:
        yield finding("pdf.attachment", "file", one.get("/UF", one.get("/F", "")))
    if one.get("/O") == Name.UserProperties:
        yield finding("pdf.user-properties", "structure")
    if "/S" in keys:
        yield from _of_action(one)
    if "/FT" in keys and "/V" in keys and told(one["/V"]) not in {"", "/Off"}:
        yield finding("pdf.form-value", "form", f"{told(one.get('/T', ''))}: {told(one['/V'])}")
    for key in ("/Alt", "/T"):
        if key in keys and is_local(told(one[key])):
            yield finding("pdf.local-link", "structure", one[key])


def _of_action(action: Any) -> Iterator[Finding]:
    kind = action.get("/S")
    if kind == Name.JavaScript:
        yield finding("pdf.javascript", "actions", _script(action.get("/JS", "")))
    elif kind == Name.URI and bad_action(action):
        yield finding("pdf.local-link", "actions", action.get("/URI", ""))
    elif kind in _OUTWARD:
        target: Any = action.get("/F", "")
        if isinstance(target, Dictionary):
            target = target.get("/UF", target.get("/F", ""))
        yield finding("pdf.action", "actions", f"{str(kind)[1:]} {told(target)}")


def _script(script: Any) -> str:
    if isinstance(script, Stream):
        return script.read_bytes()[:200].decode("utf-8", "replace")
    return told(script)


def _of_annotations(page: pikepdf.Page, number: int) -> Iterator[Finding]:
    for one in annotations(page):
        kind = one.get("/Subtype")
        if kind in _RICH:
            yield finding("pdf.rich-media", f"page {number}", str(kind)[1:])
        elif kind == Name.FileAttachment:
            yield finding("pdf.attachment", f"page {number}", one.get("/Contents", ""))
        elif kind not in _DRAWN_ELSEWHERE:
            said = f"{told(one.get('/T', ''))}: {told(one.get('/Contents', ''))}"
            yield finding("pdf.annotation", f"page {number}", said)


def _has_metadata(image: Any) -> bool:
    data = picture_data(image)
    return data is not None and media_only(data) != data


def _alive(pdf: pikepdf.Pdf) -> int:
    """Count the objects that hold something and are no machinery of the file itself."""
    return sum(
        isinstance(one, Dictionary | Stream)
        and one.get("/Type") not in _MACHINERY
        and (len(list(one.keys())) > 0)
        for one in pdf.objects
    )
