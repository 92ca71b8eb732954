"""Making form values and drawn annotations part of the page, and taking the rest away (class 11).

What the reader sees of an annotation is its appearance stream. It becomes a form on the page at the
same place, as ISO 32000-1, 12.5.5 computes it; the annotation with its author, dates and text goes.
Notes, attached files and media are icons for something else and go whole. Links stay.
"""

from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from meti_desk.formats.pdf.appearance import appearance
from meti_desk.formats.pdf.content import end_cleanly, streams_of
from meti_desk.formats.pdf.graph import annotations, bad_action, entry, is_local, told

ICONS = (
    Name.Text,
    Name.Popup,
    Name.FileAttachment,
    Name.Sound,
    Name.Movie,
    Name.Screen,
    Name.RichMedia,
    Name("/3D"),
    Name.Redact,
)
_RICH = (Name.RichMedia, Name("/3D"), Name.Screen, Name.Movie, Name.Sound)
_UNSEEN = 1 | 2 | 32
"""Invisible, hidden, not to be viewed."""
_OF_LINKS = frozenset(
    {
        "/Type",
        "/Subtype",
        "/Rect",
        "/Border",
        "/BS",
        "/C",
        "/A",
        "/Dest",
        "/H",
        "/QuadPoints",
        "/F",
        "/StructParent",
        "/Contents",
        "/P",
    }
)
_NEW = "MetiFlat"


def flatten(pdf: pikepdf.Pdf, keeps: Callable[[str], bool]) -> None:
    """Flatten on all pages what the person does not keep, by kind of finding.

    An annotation that goes is emptied where it stands, since the structure tree and pop-ups may
    point at it too.
    """
    for page in pdf.pages:
        kept: list[Any] = []
        gone: list[Any] = []
        for one in annotations(page):
            kind = one.get("/Subtype")
            if kind == Name.Link:
                _clean_link(one)
            goes = kind != Name.Link and not keeps(_finding_of(kind))
            (gone if goes else kept).append(one)
        drawings = [drawing for one in gone if (drawing := _drawing(pdf, one)) is not None]
        if drawings:
            _draw(pdf, page, drawings)
        for one in gone:
            _empty(one)
        if kept:
            page.obj.Annots = Array(kept)
        elif "/Annots" in page.obj:
            del page.obj["/Annots"]


def _finding_of(subtype: object) -> str:
    """Name the kind of finding that an annotation counts as."""
    if subtype == Name.Widget:
        return "pdf.form-value"
    if subtype == Name.FileAttachment:
        return "pdf.attachment"
    return "pdf.rich-media" if subtype in _RICH else "pdf.annotation"


def drop_form(pdf: pikepdf.Pdf) -> None:
    """Take the form itself away, with the values and names that its fields hold."""
    form = entry(pdf.Root, "/AcroForm", Dictionary)
    if form is None:
        return
    stack = list(entry(form, "/Fields", Array) or [])
    while stack:
        field = stack.pop()
        if isinstance(field, Dictionary) and list(field.keys()):
            stack += list(entry(field, "/Kids", Array) or [])
            _empty(field)
    del pdf.Root["/AcroForm"]


def _empty(holder: Any) -> None:
    for key in list(holder.keys()):
        del holder[key]


def _clean_link(link: Any) -> None:
    for key in [key for key in link if key not in _OF_LINKS]:
        del link[key]
    action = entry(link, "/A", Dictionary)
    if "/A" in link and (action is None or bad_action(action)):
        del link["/A"]
    if is_local(told(link.get("/Contents", ""))):
        del link["/Contents"]


def _drawing(pdf: pikepdf.Pdf, one: Any) -> tuple[Stream, str] | None:
    """Give the appearance that shows, and the matrix that puts it in its place."""
    if int(one.get("/F", 0)) & _UNSEEN or one.get("/Subtype") in ICONS:
        return None
    looks = entry(one, "/AP", Dictionary)
    look = looks.get("/N") if looks is not None else None
    if isinstance(look, Dictionary) and not isinstance(look, Stream):
        look = look.get(str(one.get("/AS", "/Off")))
    if not isinstance(look, Stream):
        made = appearance(pdf, one)
        return (made, "1 0 0 1 0 0") if made is not None else None
    box, rect = _numbers(look.get("/BBox"), 4), _numbers(one.get("/Rect"), 4)
    if box is None or rect is None:
        return None
    matrix = _numbers(look.get("/Matrix"), 6) or [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    placed = _placement(box, matrix, rect)
    if placed is None:
        return None
    look.Type, look.Subtype = Name.XObject, Name.Form
    if "/OC" in one and "/OC" not in look:
        look.OC = one.OC
    return look, placed


def _numbers(value: Any, count: int) -> list[float] | None:
    if not isinstance(value, Array) or len(value) != count:
        return None
    try:
        return [float(one) for one in value]
    except (TypeError, ValueError):
        return None


def _placement(box: list[float], matrix: list[float], rect: list[float]) -> str | None:
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in box[::2] for y in box[1::2]]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    low, high = min(y for _, y in corners), max(y for _, y in corners)
    if right <= left or high <= low:
        return None
    across = (max(rect[::2]) - min(rect[::2])) / (right - left)
    up = (max(rect[1::2]) - min(rect[1::2])) / (high - low)
    numbers = (across, 0.0, 0.0, up, min(rect[::2]) - left * across, min(rect[1::2]) - low * up)
    return " ".join(f"{number:.5f}".rstrip("0").rstrip(".") for number in numbers)


def _draw(pdf: pikepdf.Pdf, page: pikepdf.Page, drawings: list[tuple[Stream, str]]) -> None:
    closing = end_cleanly(pdf, page)
    resources = entry(page.obj, "/Resources", Dictionary)
    # The page gets a list of its own: others may share what it had.
    resources = Dictionary(resources) if resources is not None else Dictionary()
    forms = entry(resources, "/XObject", Dictionary)
    forms = Dictionary(forms) if forms is not None else Dictionary()
    lines = []
    for number, (look, matrix) in enumerate(drawings, 1):
        name = f"/{_NEW}{number}"
        while name in forms:
            name += "x"
        forms[name] = look
        lines.append(f"q {matrix} cm {name} Do Q")
    resources.XObject = forms
    page.obj.Resources = resources
    tail = b"\n%sQ\n%s\n" % (closing, "\n".join(lines).encode())
    body = streams_of(page)
    page.obj.Contents = Array([pdf.make_stream(b"q\n"), *body, pdf.make_stream(tail)])
