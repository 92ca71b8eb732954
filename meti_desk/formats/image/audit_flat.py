"""The auditor's readers of JPEG, PNG, WebP and GIF: one thing after the other."""

import re
import struct
import zlib
from collections.abc import Iterator

from meti_desk.formats.image.audit_view import Blob, Span, View, hashed

_ENDS_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]", re.DOTALL)
_WINDOW = 1 << 20
_JFIF_PLAIN = 14
_GIF_HEAD = 13
_CODED_IN_WEBP = (b"ANIM", b"ALPH", b"VP8 ", b"VP8L")


def jpeg(blob: Blob) -> View:
    """Read a JPEG."""
    view = View()
    profile: list[bytes] = []
    at, ended = 2, False
    while at + 4 <= len(blob) and blob[at : at + 1] == b"\xff":
        if blob[at : at + 2] == b"\xff\xff":
            at += 1
            continue
        kind = blob[at : at + 2][1]
        if kind == 0xD9:  # noqa: PLR2004 - end of the image
            at, ended = at + 2, True
            break
        if kind == 0x01 or 0xD0 <= kind <= 0xD8:  # noqa: PLR2004 - markers without length
            at += 2
            continue
        stop = at + 2 + struct.unpack(">H", blob[at + 2 : at + 4])[0]
        if kind == 0xDA:  # noqa: PLR2004 - scan
            stop = _scan_end(blob, stop)
        if 0xE0 <= kind <= 0xEF or kind == 0xFE:  # noqa: PLR2004 - application data, comment
            _segment(view, kind, blob[at + 4 : stop], profile)
        else:
            view.show(bytes([kind]), Span(blob, at + 4, stop))
        at = stop
    if blob[at : at + 2] == b"\xff\xd9":
        at, ended = at + 2, True
    view.profile = view.colours(
        b"".join(body[14:] for body in sorted(profile, key=lambda body: body[12:13]))
    )
    if ended and at < len(blob):
        view.tell("image.trailing")
    return view


def _scan_end(blob: Blob, at: int) -> int:
    """Find the marker behind a scan; windows share a byte, where a marker may be cut in two."""
    while at < len(blob):
        window = blob[at : at + _WINDOW]
        found = _ENDS_SCAN.search(window)
        if found:
            return at + found.start()
        at += max(len(window) - 1, 1)
    return len(blob)


def _segment(view: View, kind: int, body: bytes, profile: list[bytes]) -> None:
    if kind == 0xE2 and body[:12] == b"ICC_PROFILE\0":  # noqa: PLR2004
        profile.append(body)
    elif kind == 0xEE and body[:5] == b"Adobe":  # noqa: PLR2004
        view.show(body)
    elif kind == 0xE0 and body[:5] == b"JFIF\0":  # noqa: PLR2004
        if len(body) > _JFIF_PLAIN:
            view.tell("image.thumbnail")
    elif body[:6] in (b"Exif\0\0", b"Exif\0\xff"):
        view.tell("exif", body[6:])
    elif body[:29] == b"http://ns.adobe.com/xap/1.0/\0":
        view.tell("xmp", body[29:])
    elif body[:5] == b"http:":
        view.tell("image.xmp")
    elif kind == 0xFE:  # noqa: PLR2004
        view.tell("image.comment")
    else:
        kinds = {b"MPF\0": "image.further-picture", b"Phot": "image.iptc", b"JFXX":
                 "image.thumbnail"}  # fmt: skip
        view.tell(kinds.get(body[:4], "image.application-data"))


def png(blob: Blob) -> View:
    """Read a PNG; the length of its data chunks plays no part."""
    view = View()
    data: list[Span] = []
    at = 8
    while at + 12 <= len(blob):
        length, name = struct.unpack(">L4s", blob[at : at + 8])
        start, at = at + 8, at + 12 + length
        body = b"" if name == b"IDAT" else blob[start : at - 4]
        if name == b"IDAT":
            data.append(Span(blob, start, min(at - 4, len(blob))))
        elif _shown_in_png(name):
            view.show(name, body)
        else:
            _hidden_in_png(view, name, body)
        if name == b"IEND":
            break
    view.show(*data)
    if at < len(blob):
        view.tell("image.trailing")
    return view


def _hidden_in_png(view: View, name: bytes, body: bytes) -> None:
    if name == b"iCCP":
        word, _, rest = body.partition(b"\0")
        try:
            view.profile = view.colours(zlib.decompressobj().decompress(rest[1:], 1 << 26))
        except zlib.error:
            view.profile = hashed(rest)
        if word != b"ICC profile":
            view.tell("image.private-chunk")
    elif name == b"eXIf":
        view.tell("exif", body)
    elif name == b"iTXt" and body[:22] == b"XML:com.adobe.xmp\0" + bytes(4):
        view.tell("xmp", body[22:])
    elif name in (b"tEXt", b"zTXt", b"iTXt"):
        view.tell("image.text")
    else:
        view.tell("image.time" if name == b"tIME" else "image.private-chunk")


def _shown_in_png(name: bytes) -> bool:
    colours = b"tRNS gAMA cHRM sRGB cICP mDCV cLLI sBIT bKGD pHYs acTL fcTL fdAT".split()
    return not name[0] & 0x20 or name in colours


def riff(blob: Blob) -> View:
    """Read a WebP."""
    view = View()
    end = 8 + struct.unpack("<L", blob[4:8])[0]
    for name, start, stop in _riff_chunks(blob, 12, min(end, len(blob))):
        if name in _CODED_IN_WEBP:
            view.show(name, Span(blob, start, stop))
            continue
        if name == b"ANMF":
            _frame(blob, view, start, stop)
            continue
        body = blob[start:stop]
        if name == b"EXIF":
            view.tell("exif", body[6:] if body[:6] == b"Exif\0\0" else body)
        elif name == b"XMP ":
            view.tell("xmp", body)
        elif name == b"ICCP":
            view.profile = view.colours(body)
        elif name == b"VP8X":
            # Whether there is metadata is told by flags that go with it.
            view.show(name, bytes([body[0] & 0x32]), body[1:])
        else:
            view.tell("image.private-chunk")
    if end < len(blob):
        view.tell("image.trailing")
    return view


def _frame(blob: Blob, view: View, start: int, stop: int) -> None:
    """Read a frame of an animation: its place, and the chunks in it."""
    view.show(b"ANMF", blob[start : start + 16])
    for name, at, last in _riff_chunks(blob, start + 16, stop):
        if name in _CODED_IN_WEBP:
            view.show(name, Span(blob, at, last))
        else:
            view.tell("image.private-chunk")


def _riff_chunks(blob: Blob, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Give (name, beginning of the content, end)."""
    while at + 8 <= end:
        name, length = struct.unpack("<4sL", blob[at : at + 8])
        yield name, at + 8, min(at + 8 + length, end)
        at += 8 + length + (length & 1)


def gif(blob: Blob) -> View:
    """Read a GIF."""
    view = View()
    at = _GIF_HEAD + _colours(blob[10:11][0])
    view.show(blob[6:at])
    while at < len(blob):
        kind = blob[at : at + 2]
        if kind[:1] == b"\x2c":
            at += 10 + _colours(blob[at + 9 : at + 10][0])
            stop = _skip(blob, at + 1)
            view.show(Span(blob, at, stop))
        elif kind[:1] == b"\x21":
            stop = _skip(blob, at + 2)
            _extension(view, kind[1], blob[at + 2 : stop])
        else:
            at += kind[:1] == b"\x3b"
            break
        at = stop
    if at < len(blob):
        view.tell("image.trailing")
    return view


def _extension(view: View, label: int, body: bytes) -> None:
    if label in (0xF9, 0x01) or body[:12] in (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0"):
        view.show(bytes([label]), body)
    elif body[:12] == b"\x0bICCRGBG1012":
        view.profile = view.colours(_joined(body[12:]))
    elif body[:12] == b"\x0bXMP DataXMP":
        view.tell("xmp", body[12:-258])
    else:
        view.tell("image.comment" if label == 0xFE else "image.application-data")  # noqa: PLR2004


def _joined(pieces: bytes) -> bytes:
    """Join pieces that each have their length before them."""
    at, whole = 0, b""
    while at < len(pieces) and pieces[at]:
        whole += pieces[at + 1 : at + 1 + pieces[at]]
        at += 1 + pieces[at]
    return whole


def _colours(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags >> 7 else 0


def _skip(blob: Blob, at: int) -> int:
    while at < len(blob) and blob[at : at + 1] != b"\0":
        at += 1 + blob[at : at + 1][0]
    return min(at + 1, len(blob))
