"""The visible mark in a PDF (明示, Art. 5): set on every page, found again, taken off.

One Form XObject holds the mark's text in an embedded font; every page draws it from a content
stream of its own behind the page's content, as an artifact, so that screen readers and text export
of tagged files pass over it. Our streams carry the key `/MetiMark`: so a mark is replaced and never
doubled, and taking it off gives the page back as it was.

The text stands on an opaque white strip no larger than itself. A see-through strip would break
PDF/A-1, and text straight on a dark page could not be read; whatever lies under the strip would be
unreadable under the letters too. It stands 13 points below the top edge: margins are blank
there, and printers reach it.
"""

import hashlib
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from meti_desk.formats.base import LabelReport, SkippedPage
from meti_desk.formats.pdf.content import end_cleanly, streams_of, without_own_mark
from meti_desk.formats.pdf.geometry import Box, Sheet, common, normal, place
from meti_desk.formats.pdf.subset import Subset, make_subset

KEY = "/MetiMark"
_SIZE = 10
"""Font size inside the form; a size near 1 makes some viewers lose precision."""
_PAD = 0.15
_LETTER: Box = (0.0, 0.0, 612.0, 792.0)


def set_mark(pdf: pikepdf.Pdf, text: str) -> LabelReport:
    """Draw the mark on every page on which 6 points fit, in place of one that stands there."""
    form, width = _form(pdf, text)
    head = _stream(pdf, b"q\n", "/Head")
    tails: dict[bytes, Stream] = {}
    skipped = []
    for number, page in enumerate(pdf.pages, 1):
        _take_off(pdf, page)
        matrix = place(_sheet(page), width, 1.0 + 2 * _PAD)
        if matrix is None:
            skipped.append(SkippedPage("mark.page-too-small", number))
            continue
        closing = end_cleanly(pdf, page)
        name = _add_resource(page, form)
        numbers = " ".join(f"{n:.4f}".rstrip("0").rstrip(".") for n in matrix)
        drawing = (
            b"\n%sQ\n/Artifact <</Type /Pagination /Subtype /Header %s true>> BDC\n"
            b"q %s cm %s Do Q\nEMC\n" % (closing, KEY.encode(), numbers.encode(), name.encode())
        )
        if drawing not in tails:
            tails[drawing] = _stream(pdf, drawing, "/Tail")
        page.obj.Contents = Array([head, *streams_of(page), tails[drawing]])
    return LabelReport(marked=len(pdf.pages) - len(skipped), skipped=tuple(skipped))


def remove_mark(pdf: pikepdf.Pdf) -> LabelReport:
    """Take our mark off every page."""
    return LabelReport(marked=sum(_take_off(pdf, page) for page in pdf.pages))


def pages_that_fit(pdf: pikepdf.Pdf, text: str) -> set[int]:
    """Give the numbers, from 1, of the pages on which the mark fits."""
    width = _width(make_subset(text), text)
    height = 1.0 + 2 * _PAD
    return {
        number
        for number, page in enumerate(pdf.pages, 1)
        if place(_sheet(page), width, height) is not None
    }


def own_mark(page: pikepdf.Page) -> str:
    """Read our mark's text on a page, empty when it has none."""
    if not any(_is_own(stream) for stream in streams_of(page)) and not _joined(page):
        return ""
    for _, form in _own_forms(page):
        return str(form[KEY])
    return ""


def _stream(pdf: pikepdf.Pdf, data: bytes, role: str) -> Stream:
    stream = pdf.make_stream(data)
    stream[KEY] = Name(role)
    return stream


def _packed(pdf: pikepdf.Pdf, data: bytes) -> Stream:
    """Store a stream compressed; nothing is compressed when the document is written."""
    stream = pdf.make_stream(zlib.compress(data, 9))
    stream.Filter = Name.FlateDecode
    return stream


def _is_own(stream: pikepdf.Object) -> bool:
    return isinstance(stream, Stream) and KEY in stream


def _own_forms(page: pikepdf.Page) -> Iterator[tuple[str, pikepdf.Object]]:
    resources = page.obj.get("/Resources")
    forms = resources.get("/XObject") if isinstance(resources, Dictionary) else None
    if not isinstance(forms, Dictionary):
        return
    for name, form in list(forms.items()):
        if _is_own(form):
            yield name, form


def _joined(page: pikepdf.Page) -> bool:
    """Tell whether another program has copied our drawing into a stream of its own."""
    if next(_own_forms(page), None) is None:
        return False
    for stream in streams_of(page):
        try:
            if not _is_own(stream) and KEY.encode() in stream.read_bytes():
                return True
        except pikepdf.PdfError:
            continue
    return False


def _take_off(pdf: pikepdf.Pdf, page: pikepdf.Page) -> bool:
    streams = streams_of(page)
    kept = [stream for stream in streams if not _is_own(stream)]
    found = len(kept) != len(streams)
    if found:
        if kept:
            page.obj.Contents = kept[0] if len(kept) == 1 else Array(kept)
        else:
            del page.obj["/Contents"]
    if _joined(page):
        rest = without_own_mark(page, KEY)
        if rest is not None:
            page.obj.Contents = pdf.make_stream(rest)
            found = True
    for name, _ in list(_own_forms(page)):
        forms = page.obj.Resources.XObject
        del forms[name]
        if not len(forms):
            del page.obj.Resources["/XObject"]
    return found


def _add_resource(page: pikepdf.Page, form: Stream) -> str:
    resources = page.obj.get("/Resources")
    if not isinstance(resources, Dictionary):
        resources = page.obj.Resources = Dictionary()
    forms = resources.get("/XObject")
    if not isinstance(forms, Dictionary):
        forms = resources.XObject = Dictionary()
    name = KEY
    while name in forms and not _is_own(forms[name]):
        name += "_"
    forms[name] = form
    return name


def _sheet(page: pikepdf.Page) -> Sheet:
    media = _box(page, "/MediaBox") or _LETTER
    crop = _box(page, "/CropBox")
    unit = _number(page.obj.get("/UserUnit"), 1.0)
    rotate = round(_number(page.obj.get("/Rotate"), 0.0) / 90) * 90 % 360
    return Sheet(common(crop, media) if crop else media, rotate, unit if unit > 0 else 1.0)


def _number(value: object, otherwise: float) -> float:
    try:
        return float(value)  # type: ignore[arg-type]  # numbers of the library, or rubbish
    except (TypeError, ValueError):
        return otherwise


def _box(page: pikepdf.Page, key: str) -> Box | None:
    value = page.obj.get(key)
    if not isinstance(value, Array) or len(value) != 4:  # noqa: PLR2004 - a box has four numbers
        return None
    x0, y0, x1, y1 = (_number(one, 0.0) for one in value)
    box = normal((x0, y0, x1, y1))
    return box if box[0] < box[2] and box[1] < box[3] else None


def _width(subset: Subset, text: str) -> float:
    """Give the width of the drawing at one point of font size."""
    return sum(subset.widths[subset.codes[one]] for one in text) / 1000 + 2 * _PAD


def _form(pdf: pikepdf.Pdf, text: str) -> tuple[Stream, float]:
    """Build the shared drawing and tell its width at one point of font size."""
    subset = make_subset(text)
    wide = _width(subset, text)
    codes = "".join(f"{subset.codes[one]:04X}" for one in text)
    width, height = wide * _SIZE, (1 + 2 * _PAD) * _SIZE
    base = (_PAD - subset.descent / 1000) * _SIZE
    grey, black, white = _grey(pdf)
    drawing = (
        f"q {1 / _SIZE:g} 0 0 {1 / _SIZE:g} 0 0 cm {white} 0 0 {width:g} {height:g} re f {black} "
        f"BT /F0 {_SIZE} Tf {_PAD * _SIZE:g} {base:g} Td <{codes}> Tj ET Q"
    )
    form = pdf.make_stream(drawing.encode("ascii"))
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = Array([0, 0, round(wide, 4), round(1 + 2 * _PAD, 4)])
    form.Resources = Dictionary(Font=Dictionary(F0=font_of(pdf, subset)))
    if grey is not None:
        form.Resources.ColorSpace = Dictionary(G0=grey)
    form[KEY] = pikepdf.String(text)
    return form, wide


def _grey(pdf: pikepdf.Pdf) -> tuple[Array | None, str, str]:
    """Choose how grey is named: PDF/A without an output intent allows no device colour."""
    if "/OutputIntents" in pdf.Root or "/Metadata" not in pdf.Root:
        return None, "0 g", "1 g"
    point = Array([0.9505, 1, 1.089])
    space = Array([Name.CalGray, Dictionary(WhitePoint=point, Gamma=2.2)])
    return space, "/G0 cs 0 sc", "/G0 cs 1 sc"


def font_of(pdf: pikepdf.Pdf, subset: Subset) -> pikepdf.Object:
    """Embed a cut-out font, so that a document looks the same wherever it is read."""
    name = Name(f"/{subset.tag}+BIZUDGothic")
    program = _packed(pdf, subset.program)
    program.Length1 = len(subset.program)
    bits = [0] * ((len(subset.widths) + 7) // 8)
    for code in range(len(subset.widths)):
        bits[code // 8] |= 0x80 >> code % 8
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=Array(list(subset.box)),
        ItalicAngle=0,
        Ascent=subset.ascent,
        Descent=subset.descent,
        CapHeight=765,
        StemV=80,
        FontFile2=program,
        CIDSet=pdf.make_stream(bytes(bits)),
    )
    system = Dictionary(
        Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=system,
        CIDToGIDMap=Name.Identity,
        DW=1000,
        W=Array([0, Array(list(subset.widths))]),
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=name,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=_packed(pdf, _to_unicode(subset)),
    )
    return pdf.make_indirect(font)


def _to_unicode(subset: Subset) -> bytes:
    """Write the map from codes to characters, so that the mark can be searched and copied."""
    lines = [
        f"<{code:04X}> <{one.encode('utf-16-be').hex().upper()}>"
        for one, code in sorted(subset.codes.items(), key=lambda pair: pair[1])
    ]
    groups = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "\n".join(
        f"{len(group)} beginbfchar\n" + "\n".join(group) + "\nendbfchar" for group in groups
    )
    name = hashlib.sha256(body.encode()).hexdigest()[:8]
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        f"/CMapName /Meti-{name} def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
