"""Finding what is to be made black in a PDF: words, personal data and marked areas, as zones."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.evidence.clues import IDS, Words
from meti_desk.evidence.clues.detector import plainly
from meti_desk.evidence.clues.spotting import WORD, spot_clues, spot_words
from meti_desk.formats.pdf import pdfium
from meti_desk.formats.pdf.cutting import Zone
from meti_desk.formats.pdf.geometry import Box
from meti_desk.formats.pdf.pagechars import (
    PageChars,
    has_unreadable,
    pictures_of,
    read_chars,
    visual_orders,
)
from meti_desk.formats.pdf.planes import View, joined, shared
from meti_desk.formats.redaction import ALL_DETECTORS, RedactionPlace, RedactOrder

AREA = "area"
_WORD_WIDE, _WORD_HIGH = 24.0, 6.0
"""A smaller picture holds no word that anybody reads, in page units."""
_ALIGNED = 0.6
"""Boxes that share so much of their height stand in one line."""
_NEAR = 1.0
"""Boxes of a line that lie no further apart than this, of their height, become one."""


@dataclass(slots=True)
class Located:
    """The zones of each page (from 0), the places as they are told, and what cannot be searched."""

    zones: dict[int, list[Zone]] = field(default_factory=lambda: defaultdict(list))
    places: list[RedactionPlace] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    spellings: set[str] = field(default_factory=set)
    """The words as they stand in the text, without white space."""


def _may_hold_words(box: Box) -> bool:
    """Tell a picture from a rule or a dot."""
    return box[2] - box[0] > _WORD_WIDE and box[3] - box[1] > _WORD_HIGH


def locate(view: BinaryIO, views: Sequence[View], order: RedactOrder) -> Located:
    """Find all places in a document as the second reader reads it.

    Raises `InvalidInput("redact.area-outside", page=…)`.
    """
    found = Located()
    pages: list[PageChars] = []
    pictures = 0
    with pdfium.document(view) as doc:
        for index in range(len(doc)):
            with pdfium.page(doc, index) as handle:
                pdfium.take_off_mark(handle)
                pages.append(read_chars(handle))
                pictures += sum(_may_hold_words(one.box) for one in pictures_of(handle))
            if has_unreadable(pages[-1]):
                found.notes.append(f"redact.unreadable-text:{index + 1}")
    if pictures and (order.words or order.detectors or order.lists):
        found.notes.append(f"redact.pictures-not-searched:{pictures}")
    _areas(found, pages, views, order)
    spotted = list(_spotted(pages, order))
    with pdfium.document(view) as doc:
        for index in sorted({one.page for one in spotted}):
            with pdfium.page(doc, index) as handle:
                pdfium.take_off_mark(handle)
                pages[index] = read_chars(handle, ink=True)
    for one in spotted:
        _add(found, one, pages[one.page], views[one.page])
    found.places = _joined(found.places)
    return found


@dataclass(frozen=True, slots=True)
class _Spotted:
    page: int
    indexes: tuple[int, ...]
    reason: str
    shown: str
    begins: bool


def _spotted(pages: list[PageChars], order: RedactOrder) -> Iterator[_Spotted]:
    """Give each place once, found in the order of the content or in that of the eye."""
    seen: set[tuple[int, frozenset[int]]] = set()
    for one in _all_spotted(pages, order):
        drawn = frozenset(at for at in one.indexes if not pages[one.page].made[at])
        key = (one.page, drawn)
        if drawn and key not in seen:
            seen.add(key)
            yield one


def _all_spotted(pages: list[PageChars], order: RedactOrder) -> Iterator[_Spotted]:
    texts = [page.text for page in pages]
    names = IDS if ALL_DETECTORS in order.detectors else order.detectors
    lists = [Words(one.id, one.words, one.but) for one in order.lists]
    for spot in (*spot_words(texts, order.words), *spot_clues(texts, names, lists)):
        indexes = tuple(range(spot.start, spot.end))
        yield _Spotted(spot.part, indexes, spot.reason, spot.shown, spot.begins)
    if names or lists:
        unbroken = [_unbroken(page) for page in pages]
        for spot in spot_clues([text for text, _ in unbroken], names, lists):
            where = unbroken[spot.part][1][spot.start : spot.end]
            yield _Spotted(spot.part, tuple(where), spot.reason, spot.shown, spot.begins)
    for number, page in enumerate(pages) if order.words else ():
        for text, order_shown in visual_orders(page):
            for spot in spot_words([text], order.words):
                shown = order_shown[spot.start : spot.end]
                held = sorted(int(index) for index in shown if index >= 0)
                yield _Spotted(number, tuple(held), WORD, spot.shown, spot.begins)


def _unbroken(page: PageChars) -> tuple[str, list[int]]:
    """Give a page's text as if it had no lines, with the index of each character.

    A number may go on in the next line; behind a hyphen the reader hides that.
    """
    where = [at for at, letter in enumerate(page.text) if letter not in "\r\n"]
    return "".join("-" if page.text[at] in _HYPHENS else page.text[at] for at in where), where


_HYPHENS = "\x02\ufffe\xad"


def _add(found: Located, one: _Spotted, page: PageChars, view: View) -> None:
    runs: list[Zone] = []
    for index in one.indexes:
        box, ink = page.box(index), page.ink_box(index)
        if page.made[index] or page.text[index].isspace() or box[3] <= box[1]:
            continue
        ink = ink if ink[2] > ink[0] and ink[3] > ink[1] else box
        if runs and _follows(runs[-1].box, box):
            last = runs[-1]
            runs[-1] = Zone(joined(last.box, box), ink=joined(last.ink or box, ink))
        else:
            runs.append(Zone(box, ink=ink))
    if not runs:
        return
    if one.reason == WORD:
        found.spellings.add("".join("".join(page.text[i] for i in one.indexes).split()))
    found.zones[one.page] += runs
    shown = tuple(view.shown(one.page + 1, zone.cover) for zone in runs)
    place = f"page {one.page + 1}"
    count = int(one.begins)
    found.places.append(
        RedactionPlace(place=place, reason=one.reason, text=one.shown, count=count, boxes=shown)
    )


def _follows(one: Box, two: Box) -> bool:
    for low, high, left, right in ((1, 3, 0, 2), (0, 2, 1, 3)):
        size = max(two[high] - two[low], 1e-6)
        common = min(one[high], two[high]) - max(one[low], two[low])
        gap = max(one[left], two[left]) - min(one[right], two[right])
        tall = max(one[high] - one[low], size)
        if common >= _ALIGNED * tall and gap <= _NEAR * size:
            return True
    return False


def _areas(
    found: Located, pages: list[PageChars], views: Sequence[View], order: RedactOrder
) -> None:
    for area in order.areas:
        index = area.page - 1
        if index >= len(pages):
            raise InvalidInput("redact.area-outside", page=area.page)
        view = views[index]
        box = view.box_of(area)
        inside = (
            max(box[0], view.box[0]), max(box[1], view.box[1]),
            min(box[2], view.box[2]), min(box[3], view.box[3]),
        )  # fmt: skip
        if inside[0] >= inside[2] or inside[1] >= inside[3]:
            raise InvalidInput("redact.area-outside", page=area.page)
        found.zones[index].append(Zone(inside, whole=True))
        page = pages[index]
        held = [
            page.text[number]
            for number, one in enumerate(page.boxes.tolist())
            if shared(inside, (one[0], one[1], one[2], one[3])) > 0
        ]
        text = plainly("".join(held))
        boxes = (view.shown(area.page, inside),)
        place = f"page {area.page}"
        found.places.append(RedactionPlace(place=place, reason=AREA, text=text, boxes=boxes))


def _joined(places: Iterable[RedactionPlace]) -> list[RedactionPlace]:
    """Tell what is found several times on a page as one place with all its boxes."""
    held: dict[tuple[str, str, str], RedactionPlace] = {}
    for one in places:
        key = (one.place, one.reason, one.text)
        before = held.get(key)
        held[key] = one if before is None else RedactionPlace(
            place=one.place, reason=one.reason, text=one.text,
            count=before.count + one.count, boxes=(*before.boxes, *one.boxes),
        )  # fmt: skip
    return list(held.values())
