"""Native password of Office documents (Arts. 14-1, 14-2): agile AES-256, SHA-512, 100,000 rounds.

Word, Excel, PowerPoint and LibreOffice ask for the password by themselves. The whole package is
wrapped as it is, so a signature inside stays whole. Older kinds (standard encryption of Office
2007) are opened, never written.
"""

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.protection import agile
from meti_desk.protection.base import (
    DAMAGE,
    Comparison,
    Key,
    Lock,
    Member,
    PasswordOnly,
    ProtectionFound,
    check_password,
    emptied_on_failure,
    not_proven,
    other_than,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CFB_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
VARIANTS = frozenset(
    family + kind
    for family, kinds in {"doc": "xm", "dot": "xm", "xls": "xmb", "xlt": "xm"}.items()
    for kind in kinds
) | {"pptx", "pptm", "potx", "potm", "ppsx", "ppsm"}
_MOST = 255 * 2
"""Office takes 255 UTF-16 units."""
_LARGEST = 512 * 1024 * 1024
_INFO_LIMIT = 1 << 16
_HASH_IDS = {"SHA1": "sha-1", "SHA256": "sha-256", "SHA384": "sha-384", "SHA512": "sha-512"}
_STANDARD = ("aes-128", "ecb", "office-standard-kdf")


class Office(PasswordOnly):
    """Protects OOXML documents by their own password."""

    id = "office"
    algorithms: tuple[str, ...] = ("aes-256", "cbc", "sha-512", "hmac", "office-agile-kdf")
    meets: tuple[str, ...] = ("14-1", "14-2")
    sentence = "meets.office"
    notes: tuple[str, ...] = ()

    def suits(self, variant: str, size: int) -> bool:
        """Take OOXML documents of a size that Office itself opens."""
        return variant in VARIANTS and 0 < size <= _LARGEST

    def recognise(self, head: bytes, source: BinaryIO) -> ProtectionFound | None:
        """Describe an encrypted package, agile or standard."""
        if not head.startswith(CFB_MAGIC):
            return None
        try:
            with _streams(source) as file:
                if not file.exists("EncryptedPackage") or not file.exists("EncryptionInfo"):
                    return None
                stream = file.openstream("EncryptionInfo").read(_INFO_LIMIT)
        except InvalidInput:
            return None
        if stream[:2] in {b"\x02\0", b"\x03\0", b"\x04\0"} and stream[2:4] == b"\x02\0":
            return ProtectionFound("office-standard", _STANDARD)
        try:
            return ProtectionFound("office", _ids(agile.parse(stream)))
        except InvalidInput:
            return ProtectionFound("office", (), openable=False)

    def check(self, password: str) -> None:
        """Refuse what Office would cut: more than 255 UTF-16 units."""
        check_password(password, _MOST, "utf-16-le")

    def protect(
        self, source: BinaryIO, target: BinaryIO, lock: Lock, *, name: str, label: str = ""
    ) -> Key:
        """Wrap the package; the name stays outside, and the label is in the document."""
        del name, label
        self.refuse_certificates(lock)
        self.check(lock.password)
        source.seek(0)
        start = source.read(8)
        if start == CFB_MAGIC:
            raise InvalidInput("protect.already-protected")
        if not start.startswith(b"PK\x03\x04"):
            raise InvalidInput("protect.wrong-kind", method=self.id)
        with emptied_on_failure(target):
            agile.encrypt(source, target, lock.password, secrets.token_bytes)
        return Key(lock.password)

    def contents(self, source: BinaryIO, key: Key) -> tuple[Member, ...]:
        """Tell the one document inside; the password is not needed to know its size."""
        del key
        with _streams(source) as file:
            size = int.from_bytes(_package(file).read(8), "little")
        return (Member("", size),)

    def open(self, source: BinaryIO, target: BinaryIO, key: Key, *, member: int = 0) -> None:
        """Write the document; HMAC and password are checked before anything is written."""
        if member:
            raise InvalidInput("open.no-such-member", member=member)
        self.check(key.password)
        with emptied_on_failure(target), _streams(source) as file:
            stream = _info(file)
            if stream[2:4] == b"\x02\0":
                _open_standard(source, target, key.password)
                return
            agile.decrypt(agile.parse(stream), _package(file), target, key.password)

    def prove(
        self, source: BinaryIO, result: BinaryIO, key: Key, *, name: str, label: str = ""
    ) -> None:
        """Open the result: byte for byte the source, and closed to another password."""
        del name, label
        comparison = Comparison(source)
        try:
            self.open(result, cast("BinaryIO", comparison), key)
        except MetiDeskError:
            raise not_proven("content") from None
        if not comparison.equal():
            raise not_proven("content")
        with _streams(result) as file:
            info = agile.parse(_info(file))
        try:
            agile.unlock(info, other_than(key.password))
        except InvalidInput:
            return
        raise not_proven("password")


@contextmanager
def _streams(source: BinaryIO) -> "Iterator[Any]":
    """Open the compound file; all that its reader stumbles over becomes `document.damaged`."""
    import olefile

    source.seek(0)
    try:
        yield olefile.OleFileIO(source)
    except MetiDeskError:
        raise
    except DAMAGE:
        raise InvalidInput("document.damaged") from None


def _info(file: Any) -> bytes:
    stream: bytes = file.openstream("EncryptionInfo").read(_INFO_LIMIT)
    return stream


def _package(file: Any) -> BinaryIO:
    return cast("BinaryIO", file.openstream("EncryptedPackage"))


def _ids(info: agile.Info) -> tuple[str, ...]:
    """Name the algorithms of an agile file by the ids of the table."""
    data, key = info.data, info.key
    slow = "office-agile-kdf-sha-1" if key.hash == "SHA1" else _HASH_IDS[key.hash]
    slow = "office-agile-kdf" if key.hash == "SHA512" else slow
    return (f"aes-{data.bits}", "cbc", _HASH_IDS[data.hash], "hmac", slow)


def _open_standard(source: BinaryIO, target: BinaryIO, password: str) -> None:
    """Open a file of Office 2007; it has no integrity, so the result must at least be a zip."""
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError

    source.seek(0)
    try:
        file = msoffcrypto.OfficeFile(source)
        file.load_key(password=password, verify_password=True)
        file.decrypt(target)
    except InvalidKeyError:
        raise InvalidInput("open.wrong-password") from None
    except (DecryptionError, FileFormatError):
        raise InvalidInput("document.damaged") from None
