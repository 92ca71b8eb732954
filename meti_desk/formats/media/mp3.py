"""MPEG sound (MP1-MP3, and AAC in ADTS): frames one behind the other, tags around them."""

from collections.abc import Iterator
from typing import NamedTuple

from meti_desk.formats.image.data import Data, damaged
from meti_desk.formats.media.cleaner import Cleaner, is_blank
from meti_desk.formats.media.kinds import ENCODER_FRAME, TAG, TRAILING, UNUSED
from meti_desk.formats.media.tags import back_tags, drop, front_tags

_WINDOW = 1 << 20
_HEAD = 7
_SEARCHED = 1 << 17
_SURE = 3
"""So many frames in a row are no chance."""
_RATES = ((44100, 48000, 32000), (22050, 24000, 16000), (11025, 12000, 8000))
_V1_L1 = (0, *range(32, 449, 32))
_V1_L2 = (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384)
_V1_L3 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_V2_L1 = (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256)
_V2_L23 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_LONGEST_TEXT = 40


class Frame(NamedTuple):
    """How long a frame is, and what all frames of one stream have alike."""

    length: int
    stream: tuple[int, ...]


def frame(head: bytes) -> Frame | None:
    """Read a frame's head; `None` when it is none, or one of unknown length (free format)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:  # noqa: PLR2004
        return None
    layer = 4 - (head[1] >> 1 & 3)
    if layer == 4:  # noqa: PLR2004 - reserved in MPEG sound, always so in ADTS
        return _adts(head)
    version = (2, -1, 1, 0)[head[1] >> 3 & 3]
    step, rate = head[2] >> 4, head[2] >> 2 & 3
    if version < 0 or rate == 3 or step in (0, 15):  # noqa: PLR2004 - reserved values
        return None
    speeds = (_V1_L1, _V1_L2, _V1_L3) if version == 0 else (_V2_L1, _V2_L23, _V2_L23)
    bits, hertz, padding = speeds[layer - 1][step] * 1000, _RATES[version][rate], head[2] >> 1 & 1
    if layer == 1:
        length = (12 * bits // hertz + padding) * 4
    else:
        length = (72 if layer == 3 and version else 144) * bits // hertz + padding  # noqa: PLR2004
    return Frame(length, (version, layer, rate))


def _adts(head: bytes) -> Frame | None:
    if len(head) < _HEAD or head[1] & 0xF0 != 0xF0 or head[2] >> 2 & 15 > 12:  # noqa: PLR2004
        return None
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return Frame(length, (head[1] & 8, head[2] & 0xFC)) if length > _HEAD else None


def chained(data: Data, at: int, stop: int, *, whole: bool = False) -> bool:
    """Tell whether frames follow each other here, up to the end where there are but few.

    With `whole` there have to be enough of them.
    """
    stream = None
    for _ in range(_SURE):
        here = frame(data[at : at + _HEAD])
        if here is None or (stream is not None and here.stream != stream):
            return stream is not None and at >= stop and not whole
        stream = here.stream
        at += here.length
    return True


def variant_of(data: Data, head: bytes) -> str | None:
    """Name what begins with a tag or with frames, or `None`."""
    if head[:3] == b"ID3" and len(head) > 10:  # noqa: PLR2004 - the head of the tag
        return "mp3"
    return "mp3" if frame(head[:_HEAD]) and chained(data, 0, data.size) else None


def clean(data: Data, cleaner: Cleaner) -> None:
    """Note what stands around the frames, and take it out."""
    start = 0
    for tag in front_tags(data, 0):
        drop(cleaner, tag)
        start = tag.stop
    stop = data.size
    for tag in back_tags(data, start, stop):
        drop(cleaner, tag)
        stop = tag.start
    spans = list(_spans(data, cleaner, start, stop))
    if not spans:
        raise damaged("frames")
    _encoder(data, cleaner, spans[0][0])
    cleaner.seen("frames", *spans)


def _spans(data: Data, cleaner: Cleaner, at: int, stop: int) -> Iterator[tuple[int, int]]:
    """Give the spans of frames; what stands between them goes."""
    stream: tuple[int, ...] | None = None
    while at < stop:
        first = at if _goes_on(data, at, stop, stream) else _search(data, at, stop, stream)
        if first is None:
            kind = TRAILING if stream else UNUSED
            kind = UNUSED if is_blank(data, at, stop) else kind
            if cleaner.found(kind, "end", f"{stop - at}"):
                cleaner.cut(at, stop)
            return
        if first > at:
            _between(data, cleaner, at, first, inside=stream is not None)
        end, stream = _run(data, first, stop, stream)
        yield first, end
        at = end


def _goes_on(data: Data, at: int, stop: int, stream: tuple[int, ...] | None) -> bool:
    """Tell whether a stream begins here, or its last frames stand here, the very last cut off."""
    here = frame(data[at : at + _HEAD])
    return bool(here and (chained(data, at, stop) if stream is None else here.stream == stream))


def _search(data: Data, at: int, stop: int, stream: tuple[int, ...] | None) -> int | None:
    """Look for the next frames behind what is none; far behind there is nothing to look for."""
    for start in range(at, min(stop, at + _SEARCHED) if stream is None else stop, _WINDOW):
        window = data[start : min(start + _WINDOW + 1, stop)]
        here = window.find(b"\xff")
        while here >= 0:
            found = (
                frame(data[start + here : start + here + _HEAD]) if _like(window, here) else None
            )
            if found and stream in (None, found.stream) and chained(data, start + here, stop):
                if not chained(data, start + here, stop, whole=True):
                    # By chance in something else, or a remnant: nobody can tell.
                    raise damaged("frames")
                return start + here
            here = window.find(b"\xff", here + 1)
    return None


def _like(window: bytes, at: int) -> bool:
    return at + 1 < len(window) and window[at + 1] & 0xE0 == 0xE0  # noqa: PLR2004 - the sync word


def _between(data: Data, cleaner: Cleaner, at: int, stop: int, *, inside: bool) -> None:
    """Take out tags and fillers; other bytes amid the sound may belong to a damaged frame."""
    for tag in front_tags(data, at):
        drop(cleaner, tag)
        at = tag.stop
    for tag in back_tags(data, at, stop):
        drop(cleaner, tag)
        stop = tag.start
    if at >= stop:
        return
    if inside and not is_blank(data, at, stop):
        raise damaged("frames")
    # Before the first frame it fills up a tag.
    if cleaner.found(UNUSED if inside else TAG, "frames", f"{stop - at}"):
        cleaner.cut(at, stop)


def _run(
    data: Data, at: int, stop: int, stream: tuple[int, ...] | None
) -> tuple[int, tuple[int, ...]]:
    """Follow frames of one stream; gives where they end. The last may be cut off."""
    window, base = b"", at
    while at < stop:
        if at - base + _HEAD > len(window):
            window, base = data[at : at + _WINDOW], at
        here = frame(window[at - base : at - base + _HEAD])
        if here is None or (stream is not None and here.stream != stream):
            break
        stream = here.stream
        at += here.length
    return min(at, stop), stream or ()


def _encoder(data: Data, cleaner: Cleaner, at: int) -> None:
    """Tell the encoder's name in the first frame, which says how much silence to leave out."""
    block = data[at : at + 200]
    place = max(block.find(b"Xing", 0, 48), block.find(b"Info", 0, 48))
    name = block[place + 120 : place + 129].split(b"\0")[0] if place > 0 else b""
    if name.strip(b"\0U "):
        cleaner.found(ENCODER_FRAME, "Xing", name)
