"""Archives that hold a planted file of every family, and tell things of their own."""

import base64
import io
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from tests.formats.ooxml.planted import Planted

LEAK = re.compile(rb"PLANT\d{3}X|P\0L\0A\0N\0T\0\d\0\d\0\d\0X")
SHOWN = re.compile(rb"SHOWN\d{3}X")


def zipped(p: Planted, members: Mapping[str, bytes]) -> bytes:
    """Pack as a careless program does: comments, owners, times, leftovers, slack."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2026, 11, 23, 10, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.extra = struct.pack("<HH", 0x7855, 9) + p.leak().encode()
            info.comment = p.leak().encode()
            info.external_attr = 0o644 << 16
            box.writestr(info, data)
        for name in ("__MACOSX/._a", ".DS_Store", "b/Thumbs.db", "desktop.ini", "~$a.docx"):
            box.writestr(name, p.leak())
        box.comment = p.leak().encode()
    return buffer.getvalue() + p.leak().encode()


def tarred(p: Planted, members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as box:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.uid = len(data), 1_700_000_000, 1000
            info.uname, info.gname = p.leak(), p.leak()
            info.pax_headers = {"comment": p.leak()}
            box.addfile(info, io.BytesIO(data))
    return buffer.getvalue() + p.leak().encode()


def unpacked(data: bytes) -> Iterator[bytes]:
    """Give a file's bytes, and those of all that is packed in it, as deep as it goes."""
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            for info in box.infolist():
                yield info.filename.encode()
                yield from unpacked(box.read(info))
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            yield zlib.decompressobj().decompress(found[1])
        except zlib.error:
            continue
    for coded in re.findall(rb"(?:[A-Za-z0-9+/]{20,}={0,2}\s*){2,}", data):
        try:
            yield from unpacked(_decoded(coded))
        except ValueError:
            continue
    for coded in re.findall(rb"(?:[0-9a-f]{40,}\s*){2,}", data):
        digits = b"".join(coded.split())
        yield bytes.fromhex(digits[: len(digits) & ~1].decode())


def _decoded(coded: bytes) -> bytes:

    return base64.b64decode(b"".join(coded.split()))


def leaks(data: bytes) -> set[bytes]:
    """Find planted strings, wherever they are."""
    return {found for one in unpacked(data) for found in LEAK.findall(one)}


def shown(data: bytes) -> set[bytes]:
    """Find visible strings, wherever they are."""
    return {found for one in unpacked(data) for found in SHOWN.findall(one)}
