"""The texts in IPTC-IIM, as Photoshop puts it among its image resources."""

from collections.abc import Iterator

from meti_desk.formats.image.exif import decoded

PHOTOSHOP = b"Photoshop 3.0\0"
_IPTC = 0x0404
_SIGNATURES = (b"8BIM", b"8B1M", b"MeSa", b"PHUT", b"AgHg", b"DCSR")
_TEXTS = {5: "ObjectName", 40: "SpecialInstructions", 105: "Headline", 120: "Caption"}
_UTF8 = b"\x1b%G"


def resources(block: bytes) -> Iterator[tuple[int, bytes]]:
    """Give (number, content) of Photoshop's resources, as far as they are whole."""
    at = 0
    while at + 12 <= len(block) and block[at : at + 4] in _SIGNATURES:
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        name = 1 + block[at + 6]
        start = at + 6 + name + name % 2
        length = int.from_bytes(block[start : start + 4], "big")
        body = block[start + 4 : start + 4 + length]
        if len(body) != length:
            return
        yield number, body
        at = start + 4 + length + length % 2


def texts_of(block: bytes) -> list[tuple[str, str]]:
    """Give the texts of the IPTC record in Photoshop's resources."""
    return [one for number, body in resources(block) if number == _IPTC for one in texts_in(body)]


def texts_in(record: bytes) -> list[tuple[str, str]]:
    """Give the texts of an IPTC record."""
    found: list[tuple[str, str]] = []
    at = 0
    while at + 5 <= len(record) and record[at] == 0x1C:  # noqa: PLR2004 - starts a data set
        length = int.from_bytes(record[at + 3 : at + 5], "big")
        body = record[at + 5 : at + 5 + length]
        name = _TEXTS.get(record[at + 2]) if record[at + 1] == 2 else None  # noqa: PLR2004
        if name and body:
            found.append((name, decoded(body)))
        at += 5 + length
    return found
