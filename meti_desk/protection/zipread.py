"""Reads ZIP archives with encrypted members and trusts nothing that they say.

The MAC of the format covers the data alone. Name, method and length stand outside, so they are
compared between the two places where they are written, and the data have to end where both say:
a changed byte gives an error, never another plaintext (names excepted, which nothing protects).
"""

import hmac
import stat
import struct
import zlib
from functools import cached_property
from typing import Any, BinaryIO

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.protection import zipcrypt
from meti_desk.protection.base import CHUNK, DAMAGE, Member, readinto, size_of
from meti_desk.protection.names import is_safe_name

MOST_MEMBERS = 10_000
MOST_RATIO = 1_000
"""Deflate cannot do more than 1,032; an archive that claims about that is made to harm."""
HARMLESS = 100 << 20
"""Bytes below which no ratio is looked at."""

_LOCAL = struct.Struct("<4s5H3I2H")
_DESCRIPTOR = 8
_IN_ZIP64 = 0xFFFFFFFF
_STORED, _DEFLATED = 0, 8
_UNIX = 3


class Archive:
    """An archive that is read; raises `InvalidInput` by code, whatever its bytes are."""

    def __init__(self, source: BinaryIO) -> None:
        import pyzipper

        self._source = source
        source.seek(0)
        try:
            self._zip = pyzipper.AESZipFile(source)
            self._entries: list[Any] = self._zip.infolist()
        except (pyzipper.BadZipFile, *DAMAGE):
            raise InvalidInput("document.damaged") from None

    @cached_property
    def entries(self) -> list[Any]:
        """Give the entries that are files."""
        return [entry for entry in self._entries if not entry.filename.endswith("/")]

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Give the files inside, all of them encrypted, with safe and different names.

        Raises `open.not-protected`, `open.unprotected-member` (somebody may have added it),
        `open.unsafe-name`, `open.duplicate-name`, `open.too-many-members`, `document.bomb`.
        """
        entries = self.entries
        if not any(entry.is_encrypted for entry in entries):
            raise InvalidInput("open.not-protected")
        if len(self._entries) > MOST_MEMBERS:
            raise InvalidInput("open.too-many-members", count=len(entries), limit=MOST_MEMBERS)
        for entry in entries:
            name = entry.filename
            link = entry.create_system == _UNIX and stat.S_ISLNK(entry.external_attr >> 16)
            if link or not is_safe_name(name):
                raise InvalidInput("open.unsafe-name", name=name[:80])
            if not entry.is_encrypted:
                raise InvalidInput("open.unprotected-member", name=name[:80])
        if len({entry.filename.casefold() for entry in entries}) != len(entries):
            raise InvalidInput("open.duplicate-name")
        total = sum(entry.file_size for entry in entries)
        if total > HARMLESS and total > MOST_RATIO * size_of(self._source):
            raise InvalidInput("document.bomb")
        return tuple(Member(entry.filename, entry.file_size) for entry in entries)

    def accepts(self, index: int, secret: bytes) -> bool:
        """Tell whether a password opens a member whole; nothing is written."""
        try:
            self.extract(index, None, [secret])
        except InvalidInput:
            return False
        return True

    def extract(self, index: int, target: BinaryIO | None, secrets: list[bytes]) -> None:
        """Write one member, trying forms of the password in turn.

        Raises `open.wrong-password`, `open.tampered`, `open.unsupported`, `document.damaged`,
        `open.no-such-member`.
        """
        count = len(self.members)
        if not 0 <= index < count:
            raise InvalidInput("open.no-such-member", member=index)
        entry = self.entries[index]
        last = InvalidInput("open.wrong-password")
        begin = target.tell() if target is not None and len(secrets) > 1 else 0
        for attempt, secret in enumerate(secrets):
            if attempt and target is not None:
                target.seek(begin)
                target.truncate()
            try:
                if entry.wz_aes_strength is None:
                    self._extract_old(entry, target, secret)
                else:
                    self._extract_aes(entry, target, secret)
            except InvalidInput as refused:
                last = refused if refused.code != "open.wrong-password" else last
            else:
                return
        raise last

    def _extract_aes(self, entry: Any, target: BinaryIO | None, secret: bytes) -> None:
        begin = self._checked_begin(entry)
        salt = zipcrypt.SALTS.get(entry.wz_aes_strength)
        if salt is None or entry.compress_type not in {_STORED, _DEFLATED}:
            raise InvalidInput("open.unsupported", what="compression or key length")
        length = entry.compress_size - salt - 2 - zipcrypt.MAC
        if length < 0:
            raise InvalidInput("document.damaged")
        self._source.seek(begin)
        strength, header = entry.wz_aes_strength, self._source.read(salt + 2)
        cipher = zipcrypt.opened(secret, header, strength, length)
        sink = _Sink(
            target,
            entry.file_size,
            packed=entry.compress_type == _DEFLATED,
            checked=entry.wz_aes_version == 1,
        )
        view = memoryview(bytearray(min(CHUNK, length)))
        while length > 0:
            count = readinto(self._source, view[: min(CHUNK, length)])
            if not count:
                raise InvalidInput("document.damaged")
            length -= count
            sink.write(cipher.decrypt(view[:count]))
        if not hmac.compare_digest(cipher.mac(), self._source.read(zipcrypt.MAC)):
            raise InvalidInput("open.tampered", articles=("14-1",))
        sink.finish(entry.CRC if entry.wz_aes_version == 1 else None)

    def _checked_begin(self, entry: Any) -> int:
        """Find where the data begin, after comparing the two headers of a member."""
        if entry.header_offset < 0:
            raise InvalidInput("document.damaged")
        self._source.seek(entry.header_offset)
        head = self._source.read(_LOCAL.size)
        if len(head) < _LOCAL.size:
            raise InvalidInput("document.damaged")
        fields = _LOCAL.unpack(head)
        magic, _, flags, method, _, _, _, packed, plain, name_length, extra_length = fields
        name = self._source.read(name_length)
        extra = _aes_extra(self._source.read(extra_length))
        expected = struct.pack(
            "<H2sBH",
            entry.wz_aes_version,
            entry.wz_aes_vendor_id,
            entry.wz_aes_strength,
            entry.compress_type,
        )
        utf8 = "utf-8" if entry.is_utf_filename else "cp437"
        sizes = (entry.compress_size, entry.file_size)
        alike = (
            magic == b"PK\x03\x04"
            and flags == entry.flag_bits
            and method == 99  # noqa: PLR2004 - means AES
            and name == entry.orig_filename.encode(utf8)
            and extra == expected
            and entry.wz_aes_vendor_id == b"AE"
            and entry.wz_aes_version in {1, 2}
            and (flags & _DESCRIPTOR or _IN_ZIP64 in {packed, plain} or sizes == (packed, plain))
        )
        if not alike:
            raise InvalidInput("open.tampered", articles=("14-1",))
        return int(entry.header_offset + _LOCAL.size + name_length + extra_length)

    def _extract_old(self, entry: Any, target: BinaryIO | None, secret: bytes) -> None:
        """Open what others protected by ZipCrypto; it has only a checksum."""
        import pyzipper

        written = 0
        try:
            with self._zip.open(entry, "r", pwd=secret) as member:
                while piece := member.read(CHUNK):
                    written += len(piece)
                    if target is not None:
                        target.write(piece)
        except MetiDeskError:
            raise
        except RuntimeError:
            raise InvalidInput("open.wrong-password") from None
        except (pyzipper.BadZipFile, zlib.error):
            # One byte guards this password: a wrong one often shows only in the data.
            raise InvalidInput("open.wrong-password") from None
        except DAMAGE:
            raise InvalidInput("document.damaged") from None
        if written != entry.file_size:
            raise InvalidInput("document.damaged")


class _Sink:
    """Unpacks to a target and insists that the data end exactly where they should."""

    def __init__(self, target: BinaryIO | None, size: int, *, packed: bool, checked: bool) -> None:
        self._target, self._left, self._checked = target, size, checked
        self._inflate = zlib.decompressobj(-15) if packed else None
        self._crc = 0

    def write(self, data: zipcrypt.Piece) -> None:
        """Take the next decrypted piece."""
        if self._inflate is None:
            self._put(data)
            return
        try:
            while len(data):
                if self._inflate.eof:
                    raise InvalidInput("open.tampered", articles=("14-1",))
                self._put(self._inflate.decompress(data, CHUNK))
                data = self._inflate.unconsumed_tail or self._inflate.unused_data
        except zlib.error:
            raise InvalidInput("open.tampered", articles=("14-1",)) from None

    def finish(self, crc: int | None) -> None:
        """Check that all came: the end of the packed data, the length, the checksum of AE-1."""
        while self._inflate is not None and not self._inflate.eof:
            rest = self._inflate.decompress(self._inflate.unconsumed_tail, CHUNK)
            if not rest:
                break
            self._put(rest)
        whole = self._inflate is None or self._inflate.eof
        if not whole or self._left or (crc is not None and crc != self._crc):
            raise InvalidInput("open.tampered", articles=("14-1",))

    def _put(self, data: zipcrypt.Piece) -> None:
        self._left -= len(data)
        if self._left < 0:
            raise InvalidInput("open.tampered", articles=("14-1",))
        if self._checked:
            self._crc = zlib.crc32(data, self._crc)
        if self._target is not None:
            self._target.write(data)


def _aes_extra(extra: bytes) -> bytes:
    """Find the AES field in the extra data of a local header."""
    while len(extra) >= 4:  # noqa: PLR2004 - id and length
        kind, length = struct.unpack("<HH", extra[:4])
        if kind == 0x9901:  # noqa: PLR2004 - the AES field
            return extra[4 : 4 + length]
        extra = extra[4 + length :]
    return b""
