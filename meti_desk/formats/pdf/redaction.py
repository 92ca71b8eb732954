"""Making places of a PDF black for good (墨消し, Arts. 14-7, 15-2).

First the normal scrub makes everything that is shown part of the pages and takes the rest away.
What is asked for is looked for in the result and cut out of its content; a black picture of one
pixel is put in the place. Then the scrub runs once more, for the purpose at hand, so that nothing
unused stays in the file. What comes out is proven against the
scrubbed document, both scrubs by their own proof; the file is written when all are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name

from meti_desk.domain.errors import InvalidInput
from meti_desk.evidence.clues import IDS, Words
from meti_desk.evidence.clues.masking import Blackener
from meti_desk.formats.base import ScrubOrder, ScrubReport
from meti_desk.formats.pdf import spoken
from meti_desk.formats.pdf.content import end_cleanly, streams_of
from meti_desk.formats.pdf.cutting import Cutter, Zone
from meti_desk.formats.pdf.graph import entry
from meti_desk.formats.pdf.opening import opened, save_as_it_is
from meti_desk.formats.pdf.planes import inherited, view_of
from meti_desk.formats.pdf.proof import verify_scrub
from meti_desk.formats.pdf.rawscan import size_of
from meti_desk.formats.pdf.redaction_find import Located, locate
from meti_desk.formats.pdf.redaction_proof import verify_redaction
from meti_desk.formats.pdf.scrubbing import scrub
from meti_desk.formats.redaction import ALL_DETECTORS, RedactOrder, RedactReport
from meti_desk.sink import held_back

MOST_BYTES = 128 * 1024 * 1024
"""Larger files are not redacted: each step needs the file once more in memory."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The scrubbed document, what the scrub did, and what was found in it."""

    clean: BytesIO
    report: ScrubReport
    located: Located


def redaction_places(source: BinaryIO, order: RedactOrder) -> RedactReport:
    """Tell what a redaction would make black; nothing is written."""
    found = _find(source, order)
    return RedactReport(places=tuple(found.located.places), notes=tuple(found.located.notes))


def redact(source: BinaryIO, target: BinaryIO, order: RedactOrder) -> RedactReport:
    """Write the redacted and scrubbed document to `target`, once it is proven.

    Raises what a scrub raises, `RuleViolation("redact.not-possible", place=…, reason=…)`,
    `InvalidInput`: `redact.nothing-found`, `redact.area-outside`, `redact.left-behind`,
    `redact.text-changed`.
    """
    found = _find(source, order)
    located = found.located
    words = blackener(order)
    cut, result = BytesIO(), BytesIO()
    with opened(found.clean) as pdf:
        notes, described, links = _cut(pdf, located.zones, words)
        if not (located.places or described or links):
            raise InvalidInput("redact.nothing-found")
        save_as_it_is(pdf, cut)
    last = ScrubOrder(purpose=order.purpose)
    again = scrub(cut, result, last)
    verify_scrub(cut, result, last)
    verify_redaction(found.clean, result, located, order)
    with held_back(target) as sink:
        sink.write(result.getvalue())
    more = [f"redact.descriptions-cleaned:{described}"] if described else []
    more += [f"redact.links-removed:{links}"] if links else []
    return RedactReport(
        places=tuple(located.places),
        removed=found.report.removed,
        left=again.left,
        notes=(*located.notes, *notes, *more),
    )


def blackener(order: RedactOrder) -> Blackener:
    """Give what an order asks for, for texts that are no page."""
    names = IDS if ALL_DETECTORS in order.detectors else order.detectors
    lists = [Words(one.id, one.words, one.but) for one in order.lists]
    return Blackener(order.words, names, lists)


def _find(source: BinaryIO, order: RedactOrder) -> _Found:
    size = size_of(source)
    if size > MOST_BYTES:
        raise InvalidInput("document.too-large", size=size, limit=MOST_BYTES)
    clean = BytesIO()
    first = ScrubOrder(purpose="provide")
    report = scrub(source, clean, first)
    verify_scrub(source, clean, first)
    with opened(clean) as pdf:
        views = [view_of(page.obj) for page in pdf.pages]
    return _Found(clean, report, locate(clean, views, order))


def _cut(
    pdf: pikepdf.Pdf, zones: Mapping[int, Sequence[Zone]], words: Blackener
) -> tuple[list[str], int, int]:
    """Cut all zones out; gives notes, how many strings were cleaned and links removed."""
    cutter = Cutter(pdf, words.says)
    notes: list[str] = []
    touched: dict[tuple[int, int], set[int]] = {}
    for index, page in enumerate(pdf.pages):
        held = zones.get(index, ())
        if not held and not _speaks(page):
            continue
        cut = cutter.page(page, index, held)
        touched[page.obj.objgen] = cut.ids
        notes += [f"{note}:{index + 1}" for note in sorted(cut.notes)]
        if held:
            _blacken(pdf, page, held)
    described = spoken.silence(pdf, touched)
    links = spoken.drop_links(pdf, words, zones)
    described += spoken.black_strings(pdf, words)
    pdf.remove_unreferenced_resources()
    return notes, described, links


def _speaks(page: pikepdf.Page) -> bool:
    """Tell whether some of a page's content says in words what it draws."""
    if any(b"ActualText" in stream.read_bytes() for stream in streams_of(page)):
        return True
    resources = inherited(page.obj, "/Resources")
    forms = entry(resources, "/XObject", Dictionary) if isinstance(resources, Dictionary) else None
    return any(
        isinstance(one, pikepdf.Stream)
        and one.get("/Subtype") == Name.Form
        and b"ActualText" in one.read_bytes()
        for one in (dict(forms.items()).values() if forms is not None else ())
    )


def _blacken(pdf: pikepdf.Pdf, page: pikepdf.Page, zones: Sequence[Zone]) -> None:
    """Draw a black box over each zone: a picture of one black pixel.

    Not a shape: a shape over a picture is what people take for redaction, and the scrub warns of
    it. Here nothing is left below.
    """
    closing = end_cleanly(pdf, page)
    pixel = pdf.make_stream(b"\0")
    pixel.Type, pixel.Subtype = Name.XObject, Name.Image
    pixel.Width = pixel.Height = 1
    pixel.ColorSpace, pixel.BitsPerComponent = Name.DeviceGray, 8
    known: Any = inherited(page.obj, "/Resources")
    resources = Dictionary(dict(known.items())) if isinstance(known, Dictionary) else Dictionary()
    held = entry(resources, "/XObject", Dictionary)
    forms = Dictionary(held) if held is not None else Dictionary()
    name = "/MetiBlack"
    while name in forms:
        name += "x"
    forms[name] = pixel
    resources.XObject = forms
    page.obj.Resources = resources
    lines = ["/Artifact BMC"]
    for left, low, right, high in dict.fromkeys(zone.cover for zone in zones):
        lines.append(
            f"q {right - left:.4f} 0 0 {high - low:.4f} {left:.4f} {low:.4f} cm {name} Do Q"
        )
    lines.append("EMC")
    tail = b"\n%sQ\n%s\n" % (closing, "\n".join(lines).encode())
    body = streams_of(page)
    page.obj.Contents = Array([pdf.make_stream(b"q\n"), *body, pdf.make_stream(tail)])
