"""Proving a redaction: what was to go is gone from the file, all else is where it was.

Nothing of the cutting code is used here. The second reader reads both documents: characters by
their places, and pixels; then every string of every object of the result is looked through.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name, Stream, String

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.pdf import pdfium
from meti_desk.formats.pdf.geometry import Box
from meti_desk.formats.pdf.opening import opened
from meti_desk.formats.pdf.pagechars import (
    PageChars,
    pictures_of,
    read_chars,
    visual_orders,
)
from meti_desk.formats.pdf.planes import View, holds, joined, shared, view_of
from meti_desk.formats.pdf.redaction_find import Located
from meti_desk.formats.redaction import RedactOrder

Pixels = NDArray[np.uint8]

_SCALE = 1.5
_UNLIKE = 28
"""Greys that differ by more, of 255, are not the same picture."""
_AWAY = 2
_DARK = 60
_OTHERS = 100
"""Pages without a zone whose pixels are compared, evenly spread; their text is on all."""
_EDGE = 0.12
_MUCH = 0.25
_SHORTEST = 4
"""Bytes of an encoded word that cannot be there by chance."""
_STRING = re.compile(
    rb"\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)|<([0-9A-Fa-f\s]*)>(?!>)", re.DOTALL
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\r\n": b""}
_ENCODINGS = ("utf-8", "utf-16-be", "utf-16-le", "cp932", "euc-jp", "latin-1")
_NO_CONTENT = (Name.Image,)
_NO_STRINGS = frozenset({"/ID", "/Registry", "/Ordering", "/FontFamily", "/CharSet", "/Panose"})


def verify_redaction(
    before: BinaryIO, after: BinaryIO, located: Located, order: RedactOrder
) -> None:
    """Prove a redacted document against the one before, both without annotations.

    Raises `InvalidInput`: `redact.left-behind`, `redact.text-changed`, both with `place`.
    """
    words = tuple(flat for word in order.words if (flat := flattened(word)))
    with opened(after) as pdf:
        views = [view_of(page.obj) for page in pdf.pages]
    with pdfium.document(before) as old, pdfium.document(after) as new:
        if len(old) != len(new):
            raise _changed("pages")
        texts = []
        step = max(len(old) // _OTHERS, 1)
        for index in range(len(old)):
            held = located.zones.get(index, ())
            zones = [(zone.box, zone.whole) for zone in held]
            with pdfium.page(old, index) as one, pdfium.page(new, index) as two:
                pdfium.take_off_mark(one)
                pdfium.take_off_mark(two)
                texts.append(pdfium.text_of(two))
                free: list[Box] = []
                if zones:
                    was, told = read_chars(one, ink=True), read_chars(two, ink=True)
                    _compare_places(was, told, zones, index)
                    _search_page(told, words, index)
                    free = _touched(was, zones)
                elif pdfium.squeezed(pdfium.text_of(one)) != pdfium.squeezed(texts[-1]):
                    raise _changed_page(index)
                if zones or index % step == 0:
                    covers = [zone.cover for zone in held]
                    pages = _Pair(one, two, views[index], index)
                    _compare_pixels(pages, covers, free)
    if any(word in flattened("".join(texts)) for word in words):
        raise _left("text")
    with opened(after) as pdf:
        _search_objects(pdf, words, located)


def flattened(text: str) -> str:
    """Give text without white space, case and width, by the standard library alone."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(one for one in folded if unicodedata.category(one) not in _UNSEEN)


_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"})

_Zones = Sequence[tuple[Box, bool]]


def _left(place: str) -> InvalidInput:
    return InvalidInput("redact.left-behind", place=place)


def _changed(place: str) -> InvalidInput:
    return InvalidInput("redact.text-changed", place=place)


def _changed_page(index: int) -> InvalidInput:
    return _changed(f"page {index + 1}")


# ---- characters


def _compare_places(was: PageChars, told: PageChars, zones: _Zones, index: int) -> None:
    """Find outside the zones what was there, and inside them nothing."""
    place = f"page {index + 1}"
    _, outside, between = _sorted(was, zones)
    held, kept, edge = _sorted(told, zones)
    if held:
        raise _left(place)
    if outside - kept - edge or kept - outside - between:
        raise _changed(place)


def _sorted(chars: PageChars, zones: _Zones) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Count characters that lie in a zone for certain, outside for certain, and at an edge."""
    inside, outside, between = Counter[str](), Counter[str](), Counter[str]()
    for number, letter in enumerate(chars.text):
        if chars.made[number] or letter.isspace() or letter in "\0\x02\ufffe":
            continue
        where = _where(chars.box(number), chars.ink_box(number), zones)
        {"in": inside, "out": outside, "edge": between}[where][letter] += 1
    return inside, outside, between


def _where(box: Box, ink: Box, zones: _Zones) -> str:
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    slack = _EDGE * max(box[2] - box[0], box[3] - box[1], 0.1)
    area = (ink[2] - ink[0]) * (ink[3] - ink[1])
    edge = False
    for zone, whole in zones:
        common = shared(zone, ink)
        if holds(zone, middle, -slack) and (common > 0 or area <= 0):
            return "in"
        if whole and area > 0 and common > _MUCH * area:
            return "in"
        edge = edge or holds(zone, middle, slack) or (whole and shared(zone, box) > 0)
    return "edge" if edge else "out"


def _search_page(told: PageChars, words: Sequence[str], index: int) -> None:
    place = f"page {index + 1}"
    for text, _ in visual_orders(told):
        if any(word in flattened(text) for word in words):
            raise _left(place)


# ---- pixels


class _Pair(NamedTuple):
    """A page before and after, both loaded, how it is shown, and its number from 0."""

    one: Any
    two: Any
    view: View
    number: int


def _touched(was: PageChars, zones: _Zones) -> list[Box]:
    """Give where the characters stood that lay in a zone, or reached into it and went as well."""
    return [
        joined(was.box(number), was.ink_box(number)) if was.ink[number].any() else was.box(number)
        for number in range(len(was.text))
        if not was.made[number] and _where(was.box(number), was.ink_box(number), zones) != "out"
    ]


def _compare_pixels(pages: _Pair, zones: Sequence[Box], free: Sequence[Box]) -> None:
    """Find the zones black, and all else as it was but what is free."""
    one, two, view, index = pages
    place = f"page {index + 1}"
    first, second = pdfium.pixels(one, _SCALE), pdfium.pixels(two, _SCALE)
    if first is None or second is None:
        if first != second:
            raise _changed(place)
        return
    if first[:2] != second[:2]:
        raise _changed(place)
    across, up = first[:2]
    was, told = (np.frombuffer(each[2], np.uint8).reshape(up, across) for each in (first, second))
    open_ = np.ones((up, across), np.bool_)
    wiped = _wiped(one, two, zones)
    for box in (*wiped, *free):
        open_[_window(view, box, across, up, 2)] = False
    for box in zones:
        open_[_window(view, box, across, up, 2)] = False
        covered = told[_window(view, box, across, up, -2)]
        if covered.size and int(covered.max()) > _DARK:
            raise _left(place)
    if first[2] != second[2] and bool(((_strange(was, told) | _strange(told, was)) & open_).any()):
        raise _changed(place)


def _strange(one: Pixels, two: Pixels) -> NDArray[np.bool_]:
    """Tell which pixels of a picture are like none of the other at this place or beside it.

    The reader sets letters onto whole pixels, and rounds widths that the file tells exactly: a
    letter behind a cut may stand a pixel further, and its edge another one.
    One that is lost is like nothing around it.
    """
    wide = np.pad(two, _AWAY, mode="edge").astype(np.int16)
    rows, columns = two.shape
    low, high = two.astype(np.int16), two.astype(np.int16)
    for down in range(2 * _AWAY + 1):
        for right in range(2 * _AWAY + 1):
            beside = wide[down : down + rows, right : right + columns]
            np.minimum(low, beside, out=low)
            np.maximum(high, beside, out=high)
    strange: NDArray[np.bool_] = (one < low - _UNLIKE) | (one > high + _UNLIKE)
    return strange


def _wiped(one: Any, two: Any, zones: Sequence[Box]) -> list[Box]:
    """Give what may look different of pictures on which a zone lies.

    The whole picture where it went as a whole; else the pixels beside the zone, into which the
    reader blends those inside.
    """
    stays = Counter(_rounded(each.box) for each in pictures_of(two))
    free = []
    for picture in pictures_of(one):
        held = [zone for zone in zones if shared(picture.box, zone) > 0]
        key = _rounded(picture.box)
        if stays[key]:
            stays[key] -= 1
            more = _BLENDED * picture.pixel
            free += [(z[0] - more, z[1] - more, z[2] + more, z[3] + more) for z in held]
        elif held:
            free.append(picture.box)
    return free


_BLENDED = 1.5


def _rounded(box: Box) -> tuple[float, ...]:
    return tuple(round(number, 1) for number in box)


def _window(view: View, box: Box, across: int, up: int, more: int) -> tuple[slice, slice]:
    """Give rows and columns of a box on the picture of a page, some pixels wider."""
    area = view.shown(1, box)
    wide, high = view.size
    left, right = area.x / wide * across, (area.x + area.width) / wide * across
    top, bottom = area.y / high * up, (area.y + area.height) / high * up
    return (
        slice(max(int(np.floor(top)) - more, 0), max(int(np.ceil(bottom)) + more, 0)),
        slice(max(int(np.floor(left)) - more, 0), max(int(np.ceil(right)) + more, 0)),
    )


# ---- objects


def _search_objects(pdf: pikepdf.Pdf, words: Sequence[str], located: Located) -> None:
    """Look through the strings of all objects, and through those that all content shows."""
    needles = {
        encoded
        for spelling in located.spellings
        for encoding in _ENCODINGS
        if (encoded := _encoded(spelling, encoding))
        and len(encoded) >= _SHORTEST
        and not _in_a_row(spelling)
    }
    for one in pdf.objects:
        if isinstance(one, Dictionary | Array):
            holder: Any = one
        elif isinstance(one, Stream):
            holder = one.stream_dict
        else:
            holder = Array([one]) if isinstance(one, String) else None
        if holder is not None and any(
            word in flattened(text) for text in _strings(holder, 0) for word in words
        ):
            raise _left("objects")
        if isinstance(one, Stream) and needles and _is_content(one):
            shown = b"".join(_shown(one.read_bytes()))
            if any(needle in shown for needle in needles):
                raise _left("content")


def _in_a_row(text: str) -> bool:
    """Tell a word of letters in the order of the alphabet, as codes of small fonts stand."""
    return all(ord(two) - ord(one) == 1 for one, two in pairwise(text))


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return b""


def _strings(holder: Any, depth: int) -> Iterator[str]:
    if depth > _NESTED:
        return
    items = (
        holder
        if isinstance(holder, Array)
        else [value for key, value in holder.items() if key not in _NO_STRINGS]
    )
    for one in items:
        if isinstance(one, String):
            yield str(one)
        elif isinstance(one, Array | Dictionary) and not one.is_indirect:
            yield from _strings(one, depth + 1)


_NESTED = 100


def _is_content(stream: Any) -> bool:
    """Tell content from pictures, fonts and profiles, in which bytes mean something else."""
    return (
        stream.get("/Subtype") not in _NO_CONTENT
        and stream.get("/Type") not in {Name.XRef, Name.ObjStm, Name.Metadata}
        and not any(key in stream for key in ("/Length1", "/N", "/FunctionType", "/ShadingType"))
        and not str(stream.get("/Subtype", "")).endswith(("C", "OpenType"))
    )


def _shown(data: bytes) -> Iterator[bytes]:
    for found in _STRING.finditer(data):
        digits = found.group(1)
        if digits is not None:
            bare = re.sub(rb"\s", b"", digits)
            yield bytes.fromhex((bare + b"0" * (len(bare) % 2)).decode())
        else:
            yield _ESCAPE.sub(_unescaped, found.group(0)[1:-1])


def _unescaped(found: "re.Match[bytes]") -> bytes:
    sign = found.group(1)
    if sign[:1].isdigit():
        return bytes([int(sign, 8) & 0xFF])
    return _PLAIN.get(sign, b"" if sign in b"\r\n" else sign)
