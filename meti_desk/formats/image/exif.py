"""The few fields of Exif that count for a label: how the picture stands, and what people wrote."""

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.image.ifd import Directory, Entry, Tiff

ORIENTATION = 0x0112
_TEXTS = {0x010E: "ImageDescription", 0x010D: "DocumentName"}
_WIDE_TEXTS = {0x9C9B: "XPTitle", 0x9C9C: "XPComment", 0x9C9E: "XPKeywords", 0x9C9F: "XPSubject"}
_EXIF = 0x8769
_USER_COMMENT = 0x9286
_CODES = {
    b"ASCII\0\0\0": "ascii",
    b"JIS\0\0\0\0\0": "iso2022_jp",
    b"UNICODE\0": "utf-16",
    b"\0\0\0\0\0\0\0\0": "utf-8",
}
_TURNED = range(1, 9)


def orientation_of(exif: bytes) -> int:
    """Give the orientation, 1-8; 1 where none can be read."""
    try:
        tiff = Tiff(exif, len(exif))
        return orientation_in(tiff, tiff.directory(tiff.first))
    except InvalidInput:
        return 1


def orientation_in(tiff: Tiff, directory: Directory) -> int:
    """Give the orientation that a directory tells."""
    found = tiff.numbers(directory.find(ORIENTATION))
    return found[0] if found and found[0] in _TURNED else 1


def texts_of(exif: bytes) -> list[tuple[str, str]]:
    """Give the texts that people write, with the names of their fields; broken Exif has none."""
    try:
        tiff = Tiff(exif, len(exif))
        directory = tiff.directory(tiff.first)
        return texts_in(tiff, directory)
    except InvalidInput:
        return []


def texts_in(tiff: Tiff, directory: Directory) -> list[tuple[str, str]]:
    """Give the texts of a directory and of the Exif directory that it points to."""
    found: list[tuple[str, str]] = []
    for entry in directory.entries:
        try:
            if entry.tag in _TEXTS:
                found.append((_TEXTS[entry.tag], decoded(tiff.raw(entry))))
            elif entry.tag in _WIDE_TEXTS:
                text = tiff.raw(entry).decode("utf-16-le", "replace")
                found.append((_WIDE_TEXTS[entry.tag], text))
            elif entry.tag == _EXIF:
                comment = tiff.directory(tiff.numbers(entry)[0]).find(_USER_COMMENT)
                if comment is not None:
                    found.append(("UserComment", _comment(tiff, comment)))
        except (InvalidInput, IndexError):
            continue
    return [(name, plain) for name, text in found if (plain := text.strip("\0 \t\r\n"))]


def _comment(tiff: Tiff, entry: Entry) -> str:
    raw = tiff.raw(entry)
    encoding = _CODES.get(raw[:8])
    if encoding is None:
        return decoded(raw)
    if encoding == "utf-16":
        encoding = "utf-16-le" if tiff.order == "<" else "utf-16-be"
    return raw[8:].decode(encoding, "replace")


def decoded(raw: bytes) -> str:
    """Decode text of unknown encoding: UTF-8, else Shift-JIS, else byte by byte."""
    plain = raw.rstrip(b"\0 ")
    for encoding in ("utf-8", "cp932"):
        try:
            return plain.decode(encoding)
        except UnicodeDecodeError:
            continue
    return plain.decode("latin-1")
