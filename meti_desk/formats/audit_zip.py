"""A zip as the auditors read it: the standard library's, members at once and not in pieces.

Opening a member costs the standard library more than most members of a document cost to expand.
Names, lengths and checksums are checked here as there; whatever is out of the ordinary is left to
it. Used by auditors alone; the removal has a reader of its own.
"""

import struct
import zipfile
import zlib
from typing import IO, cast

_HEAD = struct.Struct("<4s5H3L2H")
_UNUSUAL = 1 << 0 | 1 << 5 | 1 << 6
"""Encrypted or patched."""
_UTF8 = 1 << 11
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class AuditedZip(zipfile.ZipFile):
    """A zip that is open for reading; one thread at a time."""

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        """Give a member's content; `BadZipFile` where it is not what its head says."""
        info = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        if info.flag_bits & _UNUSUAL or info.compress_type not in _PLAIN:
            return super().read(info, pwd)
        packed = self._packed(info)
        data = packed
        if info.compress_type == zipfile.ZIP_DEFLATED:
            # One byte more than was promised is enough to see that it is too much.
            data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, info.file_size + 1)
        if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
            msg = "a member is not what its head says"
            raise zipfile.BadZipFile(msg)
        return data

    def _packed(self, info: zipfile.ZipInfo) -> bytes:
        file = cast("IO[bytes]", self.fp)
        file.seek(info.header_offset)
        head = file.read(_HEAD.size)
        if len(head) < _HEAD.size or head[:4] != b"PK\3\4":
            msg = "a member has no head"
            raise zipfile.BadZipFile(msg)
        _, _, flags, *_, long, more = _HEAD.unpack(head)
        told = file.read(long)
        if told.decode("utf-8" if flags & _UTF8 else "cp437", "replace") != info.orig_filename:
            msg = "a member has two names"
            raise zipfile.BadZipFile(msg)
        file.seek(more, 1)
        return file.read(info.compress_size)
