"""Stripping pictures of what they tell besides themselves, without touching a pixel (class 12)."""

from meti_desk.formats.media_digest import jpeg_segments, png_chunks

_JPEG = b"\xff\xd8\xff"
_PNG = b"\x89PNG\r\n\x1a\n"
_COM, _APP0, _APP1, _APP2, _APP14 = 0xFE, 0xE0, 0xE1, 0xE2, 0xEE
_PNG_KEPT = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP"),
        *(b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"),
    }
)
_EXIF = b"Exif\0\0"
_ORIENTATION = 0x0112


def strip_picture(data: bytes) -> tuple[bytes, str]:
    """Give the picture without metadata, and what went (`exif`, `text` …) or `""` for nothing.

    JPEG keeps JFIF, ICC profile, Adobe colour marker and an orientation other than upright; PNG
    keeps what changes how it looks. Other kinds, and damaged files, come back as they are.
    """
    try:
        if data.startswith(_JPEG):
            return _strip_jpeg(data)
        if data.startswith(_PNG):
            return _strip_png(data)
    except ValueError:
        pass
    return data, ""


def _strip_jpeg(data: bytes) -> tuple[bytes, str]:
    kept: list[bytes] = []
    gone: list[str] = []
    turned = 1
    for kind, segment in jpeg_segments(data):
        body = segment[4:]
        if kind == _APP1 and body.startswith(_EXIF):
            turned = _orientation(body[len(_EXIF) :])
            if segment != _turned(turned):
                gone.append("exif")
        elif kind == _APP0 and body.startswith(b"JFIF\0"):
            plain = segment[:2] + b"\0\x10" + body[:12] + b"\0\0"
            kept.append(plain)
            if plain != segment:
                gone.append("thumbnail")
        elif kind == _COM or (
            _APP0 <= kind <= _APP0 + 15
            and not (kind == _APP2 and body.startswith(b"ICC_PROFILE\0"))
            and not (kind == _APP14 and body.startswith(b"Adobe"))
        ):
            gone.append("comment" if kind == _COM else f"app{kind - _APP0}")
        else:
            kept.append(segment)
    if turned != 1:
        after_jfif = 2 if len(kept) > 1 and kept[1][:2] == b"\xff\xe0" else 1
        kept.insert(after_jfif, _turned(turned))
    result = b"".join(kept)
    if not gone and len(result) < len(data):
        gone.append("trailing")
    return (result, ", ".join(dict.fromkeys(gone))) if gone else (data, "")


def _orientation(tiff: bytes) -> int:
    order: str = "little" if tiff[:2] == b"II" else "big"

    def number(at: int, size: int) -> int:
        raw = tiff[at : at + size]
        return int.from_bytes(raw, "little" if order == "little" else "big")

    start = number(4, 4)
    for index in range(min(number(start, 2), 200)):
        at = start + 2 + 12 * index
        if number(at, 2) == _ORIENTATION:
            value = number(at + 8, 2)
            return value if 1 <= value <= 8 else 1  # noqa: PLR2004 - the eight orientations
    return 1


def _turned(orientation: int) -> bytes:
    """Make the smallest Exif segment that says how the picture is turned."""
    entry = b"\x01\x12\0\x03\0\0\0\x01" + orientation.to_bytes(2, "big") + b"\0\0"
    body = _EXIF + b"MM\0\x2a\0\0\0\x08\0\x01" + entry + b"\0\0\0\0"
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


def _strip_png(data: bytes) -> tuple[bytes, str]:
    kept = [_PNG]
    gone: list[str] = []
    for name, chunk in png_chunks(data):
        if name in _PNG_KEPT:
            kept.append(chunk)
        else:
            gone.append(name.decode("latin-1"))
    result = b"".join(kept)
    if not gone and len(result) < len(data):
        gone.append("trailing")
    return (result, ", ".join(dict.fromkeys(gone))) if gone else (data, "")
