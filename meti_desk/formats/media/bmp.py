"""BMP: rows of pixels behind a head; what stands between and behind tells more than the picture."""

import struct

from meti_desk.formats.image.data import Data, damaged
from meti_desk.formats.media.cleaner import Cleaner, is_blank, unsupported
from meti_desk.formats.media.kinds import BMP_LINK, BMP_TRAILING, BMP_UNUSED

_FILE_HEAD = 14
_CORE = 12
_HEADS = (12, 16, 40, 52, 56, 64, 108, 124)
_V5 = 124
_MASKS, _MORE_MASKS = 3, 6
_RUNS = (1, 2)
_LINKED, _EMBEDDED = b"KNIL", b"DEBM"


def recognise(head: bytes) -> bool:
    """Tell whether the head of a bitmap stands there, and not a text that begins with BM."""
    if len(head) < _FILE_HEAD + _CORE or head[:2] != b"BM":
        return False
    (size,) = struct.unpack_from("<L", head, _FILE_HEAD)
    return size in _HEADS


def clean(data: Data, cleaner: Cleaner) -> None:
    """Note what stands in no row of pixels and is no profile, and take it out."""
    offset = data.number(10, 4, order="little")
    size = data.number(_FILE_HEAD, 4, order="little")
    head = data.exact(_FILE_HEAD, size, "head")
    if size not in _HEADS:
        raise damaged("head")
    colours = _colours(head)
    table = _FILE_HEAD + size + colours
    length = _length(data, head, offset)
    end = offset + length
    if offset < _FILE_HEAD + size or end > data.size or length <= 0:
        raise damaged("pixels")
    if data[6:10].strip(b"\0") and cleaner.found(BMP_UNUSED, "head", data[6:10]):
        cleaner.zero(6, 10)
    _gap(data, cleaner, min(table, offset), offset)
    end = _profile(data, cleaner, head, end)
    cleaner.seen("head", head)
    cleaner.seen("colours", (_FILE_HEAD + size, min(table, offset)))
    cleaner.seen("pixels", (offset, offset + length))
    if end >= data.size:
        return
    if cleaner.found(BMP_TRAILING, "end", f"{data.size - end}"):
        cleaner.cut(end, data.size)
        cleaner.cut(2, 6, struct.pack("<L", end))


def _gap(data: Data, cleaner: Cleaner, start: int, stop: int) -> None:
    if not is_blank(data, start, stop) and cleaner.found(BMP_UNUSED, "gap", f"{stop - start}"):
        cleaner.zero(start, stop)


def _colours(head: bytes) -> int:
    """Give the bytes that the colour masks and the table of colours behind a head may take."""
    if len(head) == _CORE:
        (bits,) = struct.unpack_from("<H", head, 10)
        return 3 << bits if bits <= 8 else 0  # noqa: PLR2004 - with a table of colours
    (bits,) = struct.unpack_from("<H", head, 14)
    if len(head) < 40:  # noqa: PLR2004 - cut off before the number of colours
        return 4 << bits if bits <= 8 else 0  # noqa: PLR2004
    packed, used = struct.unpack_from("<L", head, 16)[0], struct.unpack_from("<L", head, 32)[0]
    masks = {_MASKS: 12, _MORE_MASKS: 16}.get(packed, 0) if len(head) == 40 else 0  # noqa: PLR2004
    most = 1 << bits if bits <= 8 else 0  # noqa: PLR2004
    return int(masks + 4 * (min(used, most) or most))


def _length(data: Data, head: bytes, offset: int) -> int:
    """Give the length of the pixels."""
    if len(head) == _CORE:
        width, height, _, bits = struct.unpack_from("<HHHH", head, 4)
        return int((width * bits + 31) // 32 * 4 * height)
    width, height, _, bits = struct.unpack_from("<llHH", head, 4)
    packed, told = struct.unpack_from("<LL", head, 16) if len(head) >= 40 else (0, 0)  # noqa: PLR2004
    if packed in (0, _MASKS, _MORE_MASKS):
        if width <= 0 or bits not in (1, 2, 4, 8, 16, 24, 32):
            raise damaged("head")
        return int((width * bits + 31) // 32 * 4 * abs(height))
    if packed in _RUNS and told:
        if data[offset + told - 2 : offset + told] != b"\0\1":
            raise damaged("pixels")
        return int(told)
    raise unsupported("bmp", "packed")


def _profile(data: Data, cleaner: Cleaner, head: bytes, end: int) -> int:
    """Keep an embedded colour profile behind the pixels; a linked one is somebody's path."""
    if len(head) < _V5:
        return end
    kind, (place, size) = head[56:60], struct.unpack_from("<LL", head, 112)
    if kind not in (_LINKED, _EMBEDDED) or not size:
        return end
    start = _FILE_HEAD + place
    if start < end or start + size > data.size:
        raise damaged("profile")
    if kind == _LINKED:
        cleaner.found(BMP_LINK, "profile", data[start : start + min(size, 260)])
    _gap(data, cleaner, end, start)
    cleaner.seen("profile", (start, start + size))
    return int(start + size)
