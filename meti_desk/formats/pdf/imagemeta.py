"""Taking from an embedded JPEG or JPEG 2000 what is not picture (class 11: EXIF in a PDF).

Only whole segments or boxes are left out; the compressed picture itself is copied as it is.
"""

_SOI = b"\xff\xd8"
_SOS = 0xDA
_EOI = 0xD9
_COMMENT = 0xFE
_APP0, _APP15 = 0xE0, 0xEF
_JP2 = b"\0\0\0\x0cjP  \r\n\x87\n"
_PRIVATE_BOXES = (b"xml ", b"uuid", b"uinf", b"jp2i")
_WIDE = 1
"""A box length of 1 says that the length follows as a number of eight bytes."""


def media_only(data: bytes) -> bytes:
    """Give an image's data without metadata; what is no JPEG or JPEG 2000 file stays as it is."""
    if data[:2] == _SOI:
        return _jpeg(data)
    if data[:12] == _JP2:
        return _jpeg2000(data)
    return data


def _needed(marker: int, body: bytes) -> bool:
    """Tell whether a segment is needed to draw: JFIF, Adobe's colour transform, colour profile."""
    if marker == _COMMENT:
        return False
    if not _APP0 <= marker <= _APP15:
        return True
    return body[:5] == b"JFIF\0" or body[:5] == b"Adobe" or body[:12] == b"ICC_PROFILE\0"


def _jpeg(data: bytes) -> bytes:
    kept, place = [_SOI], 2
    while place + 4 <= len(data) and data[place] == 0xFF:  # noqa: PLR2004 - starts a segment
        marker = data[place + 1]
        if marker == 0xFF:  # noqa: PLR2004 - a fill byte
            place += 1
            continue
        if marker == _SOS:
            end = data.rfind(b"\xff" + bytes([_EOI]))
            kept.append(data[place : end + 2] if end > place else data[place:])
            return b"".join(kept)
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        body = data[place + 4 : place + 2 + length]
        if _needed(marker, body):
            kept.append(_without_thumbnail(data[place : place + 2 + length], body))
        place += 2 + length
    return data


def _without_thumbnail(segment: bytes, body: bytes) -> bytes:
    if body[:5] == b"JFIF\0" and len(body) > 14:  # noqa: PLR2004 - a JFIF header has 14 bytes
        return segment[:2] + b"\0\x10" + body[:12] + b"\0\0"
    return segment


def _jpeg2000(data: bytes) -> bytes:
    kept, place = [], 0
    while place + 8 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if length == _WIDE:
            length = int.from_bytes(data[place + 8 : place + 16], "big")
        if length == 0 or length > len(data) - place:
            length = len(data) - place
        if length < 8:  # noqa: PLR2004 - shorter than its own head: not well-formed
            return data
        if kind not in _PRIVATE_BOXES:
            kept.append(data[place : place + length])
        place += length
    return b"".join(kept)
