"""The auditor's own readers of sound files and bitmaps."""

import re
import struct

from meti_desk.formats.image.audit_view import Blob, Span, View

_TAIL = 64
_LAYERS = {
    3: ((0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
        (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256)),
    2: ((0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
        (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)),
    1: ((0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
        (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)),
}  # fmt: skip
_HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_BEGINS = re.compile(rb"\xff[\xe0-\xff]|ID3|APETAGEX|TAG|LYRICSBEGIN")
_CHAIN = 3
_LAST_FRAMES = 1 << 19
_STEP = 1 << 16
_WORDS = (b"LYRICSBEGIN", b"LYRICS200", b"LYRICSEND", b"APETAGEX")


def _frame(word: bytes) -> tuple[int, tuple[int, ...]]:
    """Give length and kind of a frame; of length 0 it is none."""
    if len(word) < 4 or word[0] != 0xFF or word[1] < 0xE0:  # noqa: PLR2004
        return 0, ()
    bits = int.from_bytes(word[:4], "big")
    version, layer, speed, rate = bits >> 19 & 3, bits >> 17 & 3, bits >> 12 & 15, bits >> 10 & 3
    if layer == 0:
        if len(word) < 6 or word[1] < 0xF0 or bits >> 10 & 15 > 12:  # noqa: PLR2004
            return 0, ()
        length = int.from_bytes(word[3:6], "big") >> 5 & 0x1FFF
        return (length, (9, word[1] & 8, word[2] & 0xFC)) if length > 7 else (0, ())  # noqa: PLR2004
    if version == 1 or rate == 3 or speed in (0, 15):  # noqa: PLR2004
        return 0, ()
    kilobits = _LAYERS[layer][version != 3][speed]  # noqa: PLR2004
    hertz, more = _HERTZ[version][rate], bits >> 9 & 1
    if layer == 3:  # noqa: PLR2004 - layer I
        return (kilobits * 12000 // hertz + more) * 4, (version, layer, rate)
    whole = 72 if layer == 1 and version != 3 else 144  # noqa: PLR2004
    return kilobits * whole * 1000 // hertz + more, (version, layer, rate)


def mpeg(blob: Blob) -> View:
    """Read frames; whatever stands before, between or behind them tells something."""
    view, spans = View(), list[Span]()
    at, end = 0, len(blob)
    kind: tuple[int, ...] = ()
    junk: list[tuple[int, int]] = []
    tagged = _ends_in_tag(blob)
    while at < end:
        length, here = _frame(blob[at : at + 7])
        follows = kind == here if kind else _sure(blob, at)
        if length and follows:
            for _ in junk:
                view.tell("media.unused-bytes" if kind else "media.tag")
            kind, junk = here, []
            stop = min(at + length, end)
            stop = min(stop, _cut_by_tag(blob, at, stop, end)) if tagged else stop
            if spans and spans[-1].stop == at:
                spans[-1] = Span(blob, spans[-1].start, stop)
            else:
                spans.append(Span(blob, at, stop))
            at = stop
            continue
        step = _skipped(blob, at)
        following = at + step if step else _next(blob, at + 1, kind)
        if step:
            view.tell("media.tag")
        else:
            junk.append((at, following))
        at = following
    for start, stop in junk:
        view.tell("media.trailing" if blob.tells(start, stop, b"\0") else "media.unused-bytes")
    view.show(*spans)
    return view


def _sure(blob: Blob, at: int) -> bool:
    kind: tuple[int, ...] = ()
    for _ in range(_CHAIN):
        length, here = _frame(blob[at : at + 7])
        if not length or (kind and kind != here):
            return bool(kind) and at >= len(blob) - _trailer(blob)
        kind, at = here, at + length
    return True


def _trailer(blob: Blob) -> int:
    """Give the length of what the end of the file holds of tags, were they there."""
    return 128 if blob[len(blob) - 128 : len(blob) - 125] == b"TAG" else 0


def _cut_by_tag(blob: Blob, at: int, stop: int, end: int) -> int:
    """Tell where a last frame that is cut off ends: tags begin where their word stands."""
    if end - at > (1 << 17):
        return stop
    found = [stop]
    for word in (b"TAG", b"APETAGEX", b"LYRICSBEGIN"):
        place = blob[at + 4 : end].find(word)
        if place >= 0 and at + 4 + place < stop and _is_tag(blob, at + 4 + place, word):
            found.append(at + 4 + place)
    return min(found)


def _ends_in_tag(blob: Blob) -> bool:
    end = len(blob)
    return bool(_trailer(blob)) or any(word in blob[end - _TAIL : end] for word in _WORDS)


def _is_tag(blob: Blob, at: int, word: bytes) -> bool:
    return word != b"TAG" or at in (len(blob) - 128, len(blob) - 355)


def _skipped(blob: Blob, at: int) -> int:
    """Give the length of a tag that begins here; 0: none does."""
    head = blob[at : at + 32]
    if head[:3] == b"ID3" and len(head) > 10:  # noqa: PLR2004
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        return size + (20 if head[5] & 16 else 10)
    if head[:8] == b"APETAGEX" and len(head) == 32:  # noqa: PLR2004
        return 32 + struct.unpack_from("<L", head, 12)[0] if head[23] & 0x20 else 32
    if head[:11] == b"LYRICSBEGIN":
        found = re.search(rb"LYRICS(?:END|200)", blob[at : at + (1 << 20)])
        return found.end() if found else 0
    if head[:3] == b"TAG":
        return 355 if head[3:4] == b"+" and len(blob) - at >= 355 else 128  # noqa: PLR2004
    return 0


def _next(blob: Blob, at: int, kind: tuple[int, ...]) -> int:
    """Look for the next frame or tag."""
    end = len(blob)
    while at < end:
        window = blob[at : at + _STEP + 8]
        for found in _BEGINS.finditer(window[: _STEP + 3]):
            place = at + found.start()
            if window[found.start()] != 0xFF:  # noqa: PLR2004
                return place
            length, here = _frame(blob[place : place + 7])
            if length and (not kind or kind == here) and _sure(blob, place):
                return place
        at += _STEP
    return end


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for one in spans:
        if merged and merged[-1].stop == one.start:
            merged[-1] = Span(one.blob, merged[-1].start, one.stop)
        else:
            merged.append(one)
    return merged


def flac(blob: Blob) -> View:
    """Read blocks and frames; only two kinds of block are needed."""
    view = View()
    at = 0
    while (step := _skipped(blob, at)) and blob[at : at + 3] == b"ID3":
        view.tell("media.tag")
        at += step
    at, last = at + 4, 0
    while not last:
        (word,) = blob.unpack(">L", at)
        last, kind, length = word >> 31, word >> 24 & 0x7F, word & 0xFFFFFF
        if kind == 0:
            view.show(blob[at + 4 : at + 4 + length])
        elif kind != 3:  # noqa: PLR2004 - SEEKTABLE
            names = {1: "media.unused-bytes", 2: "media.application-data", 6: "media.picture",
                     4: "media.tag", 5: "media.tag"}  # fmt: skip
            view.tell(names.get(kind, "media.unknown-part"))
        at += 4 + length
    stop = len(blob)
    if blob[stop - 128 : stop - 125] == b"TAG":
        view.tell("media.tag")
    if b"APETAGEX" in blob[stop - 192 : stop]:
        view.tell("media.tag")
    view.show(Span(blob, at, at + _flac_sound(blob, at)))
    return view


def _flac_sound(blob: Blob, at: int) -> int:
    """Give the length up to the last byte at which the sum over the last frames comes to zero.

    The sum over a frame with its check sum is zero, and so it is over frames in a row.
    """
    stop, place = len(blob), at
    if stop - at > _LAST_FRAMES:
        place = stop - _LAST_FRAMES
        # All frames of a stream begin alike: sync word, sampling rate, channels, depth.
        like, window = blob[at : at + 4], blob[place:stop]
        alike = (
            found.start()
            for found in re.finditer(re.escape(like[:2]), window)
            if window[found.start() + 2] & 15 == like[2] & 15
            and window[found.start() + 3 : found.start() + 4] == like[3:]
            and _crc8(window[found.start() : found.start() + 16])
        )
        place += next(alike, 0)
    crc, length, table = 0, 0, _sums()
    for number, byte in enumerate(blob[place:stop], 1):
        crc = (crc << 8 & 0xFFFF) ^ table[crc >> 8 ^ byte]
        length = number if crc == 0 else length
    return place - at + length


def _sums() -> list[int]:
    table = []
    for start in range(256):
        value = start << 8
        for _ in range(8):
            value = value << 1 ^ (0x18005 if value & 0x8000 else 0)
        table.append(value & 0xFFFF)
    return table


def _crc8(head: bytes) -> bool:
    """Tell whether one of the first bytes is the check sum of those before it."""
    crc = 0
    for number, byte in enumerate(head[:16]):
        if number > 4 and byte == crc:  # noqa: PLR2004 - the shortest head
            return True
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ (0x107 if crc & 0x80 else 0)) & 0xFF
    return False


def wave(blob: Blob) -> View:
    """Read the chunks of a sound."""
    view = View()
    wide = blob[:4] != b"RIFF"
    (end,) = blob.unpack("<Q", 20) if wide else blob.unpack("<L", 4)
    end = len(blob) if end in (0, 0xFFFFFFFF) or end + 8 > len(blob) else end + 8
    at = 12
    while at + 8 <= end:
        name, length = blob.unpack("<4sL", at)
        if name == b"data":
            if wide and length == 0xFFFFFFFF:  # noqa: PLR2004 - the long length stands in ds64
                (length,) = blob.unpack("<Q", 28)
            if length == 0 or length > end - at - 8:
                length = end - at - 8
            view.show(name, Span(blob, at + 8, at + 8 + length))
        elif name in (b"fmt ", b"fact"):
            view.show(name, blob[at + 8 : at + 8 + length])
        elif name == b"ds64":
            view.show(name, blob[at + 16 : at + 32])
        else:
            view.tell(_told_by(name, told=blob.tells(at + 8, at + 8 + length, b"\0")))
        at += 8 + length + length % 2
    if at < len(blob):
        view.tell("media.trailing")
    return view


def _told_by(name: bytes, *, told: bool) -> str:
    if name in (b"LIST", b"id3 ", b"ID3 ", b"DISP"):
        return "media.tag"
    if name in (b"JUNK", b"junk", b"FLLR", b"PAD "):
        return "media.application-data" if told else "media.unused-bytes"
    studio = (b"bext", b"ixml", b"cart", b"axml", b"_pmx")
    return "media.application-data" if name.lower() in studio else "media.unknown-part"


def ogg(blob: Blob) -> View:
    """Read packets one after the other; the second of each stream must be an empty comment."""
    view = View()
    at, count, first, packet = 0, 0, b"", bytearray()
    headers, sound = 0, list[Span]()
    while blob[at : at + 4] == b"OggS":
        flags, pieces = blob[at + 5 : at + 6][0], blob[at + 26 : at + 27][0]
        place = at + 27 + pieces
        if flags & 2:
            count, headers, packet = 0, 2, bytearray()
        for length in blob[at + 27 : place]:
            if count >= headers:
                sound.append(Span(blob, place, place + length))
            else:
                packet += blob[place : place + length]
                if length < 0xFF:  # noqa: PLR2004 - the packet ends
                    first = bytes(packet) if count == 0 else first
                    headers = _ogg_headers(first)
                    _ogg_header(view, first, bytes(packet), count)
                    count, packet = count + 1, bytearray()
            place += length
        sound = _merged(sound)
        at = place
    if at < len(blob):
        view.tell("media.trailing")
    view.show(*sound)
    return view


def _ogg_headers(first: bytes) -> int:
    if first[1:7] == b"vorbis":
        return 3
    return 1 + (int.from_bytes(first[7:9], "big") or 64) if first[1:5] == b"FLAC" else 2


def _ogg_header(view: View, first: bytes, packet: bytes, number: int) -> None:
    if first[1:5] == b"FLAC" and number:
        kind = packet[0] & 0x7F
        if kind != 3 and packet[4:].strip(b"\0"):  # noqa: PLR2004 - SEEKTABLE
            names = {1: "media.unused-bytes", 2: "media.application-data", 6: "media.picture"}
            view.tell(names.get(kind, "media.tag" if kind in (4, 5) else "media.unknown-part"))
    elif number == 1:
        rest = packet.removeprefix(b"\3vorbis").removeprefix(b"OpusTags")
        if rest.strip(b"\0") not in (b"", b"\1"):
            view.tell("media.tag")
    else:
        view.show(packet)


def bitmap(blob: Blob) -> View:
    """Read a bitmap: head, colours, rows, profile; all between is told."""
    view = View()
    (offset, size) = blob.unpack("<LL", 10)
    head = blob[14 : 14 + size]
    if size == 12:  # noqa: PLR2004 - the oldest head
        wide, high, _, bits = struct.unpack_from("<HHHH", head, 4)
        packed = told = used = 0
    else:
        wide, high, _, bits = struct.unpack_from("<llHH", head, 4)
        packed, told = struct.unpack_from("<LL", head, 16) if size >= 40 else (0, 0)  # noqa: PLR2004
        (used,) = struct.unpack_from("<L", head, 32) if size >= 40 else (0,)  # noqa: PLR2004
    length = told if packed in (1, 2) else -(-wide * bits // 32) * 4 * abs(high)
    table = 0 if bits > 8 else (min(used, 2**bits) or 2**bits) * (3 if size == 12 else 4)  # noqa: PLR2004
    table += {3: 12, 6: 16}.get(packed, 0) if size == 40 else 0  # noqa: PLR2004
    colours = min(14 + size + table, offset)
    view.show(head, blob[14 + size : colours], Span(blob, offset, offset + length))
    if blob.tells(colours, offset, b"\0") or blob[6:10] != bytes(4):
        view.tell("bmp.unused-bytes")
    end = offset + length
    if size == 124 and head[56:60] in (b"DEBM", b"KNIL"):  # noqa: PLR2004
        place, more = struct.unpack_from("<LL", head, 112)
        if more:
            if blob.tells(end, 14 + place, b"\0"):
                view.tell("bmp.unused-bytes")
            if head[56:60] == b"KNIL":
                view.tell("bmp.linked-profile")
            end = 14 + place + more
            view.show(Span(blob, 14 + place, end))
    if end < len(blob):
        view.tell("bmp.trailing")
    return view
