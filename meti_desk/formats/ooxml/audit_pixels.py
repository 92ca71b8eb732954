"""What a picture shows, for the auditors: digests that removing its metadata does not change."""

import hashlib
import zlib


def pixels(data: bytes) -> str:
    """Digest what is drawn: PNG as expanded image data, JPEG from its frame on, others whole."""
    if data[:4] == b"\x89PNG":
        packed, head, at = b"", b"", 8
        while at + 8 <= len(data):
            length = int.from_bytes(data[at : at + 4], "big")
            name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
            packed += body if name == b"IDAT" else b""
            head += body if name in {b"IHDR", b"PLTE", b"tRNS"} else b""
            at += 12 + length
        try:
            data = head + zlib.decompressobj().decompress(packed, 1 << 28)
        except zlib.error:
            data = head + packed
    elif data[:2] == b"\xff\xd8":
        data = _scan(data)
    return hashlib.sha256(data).hexdigest()


def _scan(data: bytes) -> bytes:
    """Give a JPEG from its first scan to its end; a small picture inside its Exif is passed by."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - the marker prefix
        if data[at + 1] == 0xDA:  # noqa: PLR2004 - the scan begins
            end = data.rfind(b"\xff\xd9")
            return data[at:end] if end > at else data[at:]
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return data
