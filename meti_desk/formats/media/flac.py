"""FLAC: blocks of metadata before the frames; only what is needed to decode and to seek stays."""

from meti_desk.formats.image.data import Data, damaged
from meti_desk.formats.media.cleaner import Cleaner, is_blank
from meti_desk.formats.media.kinds import APPLICATION, PICTURE, TAG, TRAILING, UNKNOWN, UNUSED
from meti_desk.formats.media.tags import back_tags, drop, front_tags

MAGIC = b"fLaC"
_INFO, _PADDING, _APPLICATION, _SEEK, _COMMENT, _CUES, _PICTURE = range(7)
_KEPT = (_INFO, _SEEK)
_KINDS = {
    _PADDING: UNUSED, _APPLICATION: APPLICATION, _COMMENT: TAG, _CUES: TAG, _PICTURE: PICTURE,
}  # fmt: skip
_NAMES = ("STREAMINFO", "PADDING", "APPLICATION", "SEEKTABLE", "VORBIS_COMMENT", "CUESHEET",
          "PICTURE")  # fmt: skip
_INFO_SIZE = 34
_LAST = 0x80
_MOST = 1 << 12
_WINDOW = 1 << 16
_LARGEST_FRAME = 1 << 22


_BLOCKS = (0, 192, 576, 1152, 2304, 4608, 0, 0, *(256 << n for n in range(8)))
"""Samples of a block by its code; two codes say that the number follows."""


def _table(polynomial: int, bits: int) -> tuple[int, ...]:
    top, mask = 1 << bits - 1, (1 << bits) - 1
    found = []
    for value in range(256):
        crc = value << bits - 8
        for _ in range(8):
            crc = (crc << 1 ^ polynomial if crc & top else crc << 1) & mask
        found.append(crc)
    return tuple(found)


_CRC8, _CRC16 = _table(0x07, 8), _table(0x8005, 16)


def start_of(data: Data) -> int | None:
    """Tell where FLAC begins behind tags that stand before it; `None`: it is none."""
    tags = front_tags(data, 0)
    at = tags[-1].stop if tags else 0
    return at if data[at : at + 4] == MAGIC else None


def clean(data: Data, cleaner: Cleaner) -> None:
    """Note what the blocks tell, and take out all but description and places to seek."""
    start = start_of(data)
    if start is None:
        raise damaged("flac")
    for tag in front_tags(data, 0):
        drop(cleaner, tag)
    stop = data.size
    at, kept, info = _blocks(data, cleaner, start + len(MAGIC))
    for place, first in kept:
        last = _LAST if place == kept[-1][0] else 0
        if first != first & 0x7F | last:
            cleaner.cut(place, place + 1, bytes([first & 0x7F | last]))
    cleaner.seen("info", info)
    for tag in back_tags(data, at, stop):
        drop(cleaner, tag)
        stop = tag.start
    stop = _end(data, cleaner, at, stop, info)
    cleaner.seen("frames", (at, stop))


def _blocks(data: Data, cleaner: Cleaner, at: int) -> tuple[int, list[tuple[int, int]], bytes]:
    """Go through the blocks; gives where they end, those that stay, and the description."""
    kept, info = list[tuple[int, int]](), b""
    for number in range(_MOST):
        head = data.exact(at, 4, "block")
        kind, end = head[0] & 0x7F, at + 4 + int.from_bytes(head[1:], "big")
        if end > data.size or (kind == _INFO) != (number == 0) or kind == 0x7F:  # noqa: PLR2004
            raise damaged("block")
        if kind == _INFO:
            info = data.exact(at + 4, _INFO_SIZE, "block")
        if kind in _KEPT or not _block(data, cleaner, kind, at, end):
            kept.append((at, head[0]))
        at = end
        if head[0] & _LAST:
            return at, kept, info
    raise damaged("blocks")


def _block(data: Data, cleaner: Cleaner, kind: int, at: int, end: int) -> bool:
    name = _NAMES[kind] if kind < len(_NAMES) else f"{kind}"
    value = b"" if kind == _PADDING else data[at + 4 : min(end, at + 204)]
    if kind == _COMMENT:
        # Comments begin behind the length of the maker's name.
        value = data[at + 8 : min(end, at + 204)]
    goes = cleaner.found(_KINDS.get(kind, UNKNOWN), name, value)
    if goes:
        cleaner.cut(at, end)
    return goes


def _end(data: Data, cleaner: Cleaner, start: int, stop: int, info: bytes) -> int:
    """Find where the last frame ends by its check sum, and take out what stands behind it."""
    if start >= stop:
        return stop
    total = int.from_bytes(info[13:18], "big") & 0xFFFFFFFFF
    last = _last_frame(data, start, stop, total, info)
    # Between blocks and frames nothing may stand, least of all a block that no block announces.
    if last is None or _samples(data[start : start + 32], info) is None:
        raise damaged("frames")
    ends = _ends(data[last : min(stop, last + _LARGEST_FRAME)])
    if stop - last in ends:
        return stop
    behind = [one for one in ends if is_blank(data, last + one, stop)] or ends
    if len(behind) != 1:
        raise damaged("frames")
    end = last + behind[0]
    if cleaner.found(TRAILING, "end", f"{stop - end}"):
        cleaner.cut(end, stop)
    return end


def _ends(block: bytes) -> list[int]:
    """Give the lengths at which the check sum of a frame that begins here holds."""
    crc, found = 0, []
    for number, byte in enumerate(block, 1):
        crc = (crc << 8 & 0xFFFF) ^ _CRC16[crc >> 8 ^ byte]
        if crc == 0 and number > 8:  # noqa: PLR2004 - the shortest frame
            found.append(number)
    return found


def _last_frame(data: Data, start: int, stop: int, total: int, info: bytes) -> int | None:
    """Look from the end for the head of the frame that holds the last samples."""
    top = stop
    while top > start:
        base = max(start, top - _WINDOW)
        window = data[base : min(stop, top + 32)]
        at = window.rfind(b"\xff", 0, top - base)
        while at >= 0:
            if window[at + 1 : at + 2] in (b"\xf8", b"\xf9"):
                samples = _samples(window[at : at + 32], info)
                if samples is not None and total in (0, samples):
                    return base + at
            at = window.rfind(b"\xff", 0, at)
        top = base
    return None


def _samples(head: bytes, info: bytes) -> int | None:
    """Tell how many samples the stream has up to the end of this frame; `None`: no frame's head."""
    if len(head) < 6 or head[2] >> 4 == 0 or head[2] & 15 == 15 or head[3] & 1:  # noqa: PLR2004
        return None
    extra = max(0, 8 - (head[4] ^ 0xFF).bit_length())
    size = extra or 1
    if extra in (1, 8):
        return None
    number = head[4] & (0x7F >> extra)
    for byte in head[5 : 4 + size]:
        number = number << 6 | byte & 0x3F
    at, code = 4 + size, head[2] >> 4
    block = _BLOCKS[code]
    if code in (6, 7):
        block = int.from_bytes(head[at : at + code - 5], "big") + 1
        at += code - 5
    at += {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
    crc = 0
    for byte in head[: at + 1]:
        crc = _CRC8[crc ^ byte]
    if crc or at >= len(head):
        return None
    if head[1] & 1:
        return number + block
    return number * int.from_bytes(info[2:4], "big") + block
