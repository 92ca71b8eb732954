"""Names what a file is by its content, for display only: nothing is parsed."""

from typing import BinaryIO

_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_SEARCHED = 1 << 16

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"BM", "bmp"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"{\\rtf", "rtf"),
    (b"\x7fELF", "elf"),
    (b"MZ", "exe"),
    (b"ID3", "mp3"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"SQLite format 3\0", "sqlite"),
    (b"-----BEGIN ", "pem"),
    (b"METIPART", "metipart"),
)

_OFTYPE = {b"heic": "heic", b"heix": "heic", b"mif1": "heif", b"avif": "avif", b"qt  ": "mov"}
_ODF = {b"text": "odt", b"spreadsheet": "ods", b"presentation": "odp", b"graphics": "odg"}
_OOXML = ((b"xl/workbook", "xlsx"), (b"ppt/presentation", "pptx"))
"""By names long enough not to stand in compressed data by chance. No `docx`: of a Word file that
its own family did not recognise nothing can be promised."""
_LEGACY = (
    ("EncryptedPackage", "ooxml-encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("PowerPoint Document", "ppt"),
    ("__properties_version1.0", "msg"),
)
_CONTROLS = bytes(set(range(ord(" "))) - set(b"\t\n\r\f\x1b"))
"""Bytes that no text has."""

LEGACY_OFFICE = frozenset({"doc", "xls", "ppt"})


_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def kind_of(head: bytes, source: BinaryIO) -> str:
    """Name the kind; `txt` for text, `empty` for no bytes, `other` for what is not known."""
    if not head:
        return "empty"
    if head.startswith(_ZIP):
        return _kind_of_zip(head, source)
    if head.startswith(_CFB):
        return _kind_of_cfb(source)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    return _kind_of_container(head) or _kind_of_text(head)


def _kind_of_container(head: bytes) -> str:
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}.get(head[8:12], "riff")
    if head[4:8] == b"ftyp":
        return _OFTYPE.get(head[8:12], "mp4")
    return "tar" if head[257:262] == b"ustar" else ""


def _kind_of_zip(head: bytes, source: BinaryIO) -> str:
    """Look at the names in the beginning and in the directory at the end, without parsing it."""
    marker = b"mimetypeapplication/vnd.oasis.opendocument."
    at = head.find(marker)
    if at >= 0:
        rest = head[at + len(marker) :]
        return next((kind for word, kind in _ODF.items() if rest.startswith(word)), "zip")
    if b"mimetypeapplication/epub+zip" in head:
        return "epub"
    size = source.seek(0, 2)
    source.seek(max(0, size - _SEARCHED))
    names = head + source.read(_SEARCHED)
    if b"[Content_Types].xml" in names:
        return next((kind for word, kind in _OOXML if word in names), "zip")
    return "zip"


def _kind_of_cfb(source: BinaryIO) -> str:
    """Look for the streams' names in the beginning and the end; most directories lie there."""
    source.seek(0)
    seen = source.read(16 * _SEARCHED)
    size = source.seek(0, 2)
    source.seek(max(0, size - 4 * _SEARCHED))
    seen += source.read(4 * _SEARCHED)
    return next((kind for name, kind in _LEGACY if name.encode("utf-16-le") in seen), "cfb")


def _kind_of_text(head: bytes) -> str:
    marked = head.startswith((*_WIDE, b"\xef\xbb\xbf"))
    if head.startswith(tuple(_WIDE)):
        # Behind a mark of two bytes every sign has two: read as one, a page is a text.
        coding = _WIDE[head[:2]]
        head = head[2 : len(head) & ~1].decode(coding, "ignore").encode()
    lowered = head[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if lowered.startswith((b"<!doctype html", b"<html")):
        return "html"
    if lowered.startswith(b"<?xml"):
        return "svg" if b"<svg" in head else "xml"
    if marked:
        return "txt"
    return "txt" if len(head.translate(None, _CONTROLS)) == len(head) else "other"
