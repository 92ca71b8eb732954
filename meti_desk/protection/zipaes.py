"""AES-256 ZIP for any kind of file (Art. 14-1 only).

Key derivation and MAC of this format use SHA-1 (運用監視) and file names stay visible, so it does
not meet 14-2; it is offered because 7-Zip and Windows open it. Memory is constant at any size.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import BinaryIO, cast

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.protection.base import (
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
    size_of,
)
from meti_desk.protection.names import is_safe_name
from meti_desk.protection.zipread import Archive
from meti_desk.protection.zipwrite import Writer

_MOST = 99
"""Bytes that 7-Zip takes for this format; a longer password would open nowhere but here."""
_STRONG = 3
_TRIED = 3
"""Members that the proof tries another password on."""
_IDS = {
    1: ("aes-128", "ctr", "hmac", "pbkdf2-hmac-sha-1", "sha-1"),
    2: ("aes-192", "ctr", "hmac", "pbkdf2-hmac-sha-1", "sha-1"),
    3: ("aes-256", "ctr", "hmac", "pbkdf2-hmac-sha-1", "sha-1"),
}


class Zip(PasswordOnly):
    """Protects any file, or several in one, as a ZIP with AES-256 (AE-2)."""

    id = "zip"
    algorithms: tuple[str, ...] = _IDS[_STRONG]
    meets: tuple[str, ...] = ("14-1",)
    sentence = "meets.zip"
    notes: tuple[str, ...] = ("zip.sha-1", "zip.names-visible")

    def suits(self, variant: str, size: int) -> bool:
        """Take any file."""
        del variant
        return size >= 0

    def recognise(self, head: bytes, source: BinaryIO) -> ProtectionFound | None:
        """Describe a ZIP that has encrypted members; the weakest of them names it."""
        if not head.startswith(b"PK\x03\x04"):
            return None
        try:
            members = [m for m in Archive(source).entries if m.is_encrypted]
        except InvalidInput:
            return None
        if not members:
            return None
        strengths = [m.wz_aes_strength for m in members]
        if None in strengths:
            return ProtectionFound("zipcrypto", ("zipcrypto",))
        weakest = min(strengths)
        return ProtectionFound("zip", _IDS.get(weakest, ()), openable=weakest in _IDS)

    def check(self, password: str) -> None:
        """Refuse more than 99 bytes of UTF-8: other programs could not open the file."""
        check_password(password, _MOST, "utf-8")

    def protect(
        self, source: BinaryIO, target: BinaryIO, lock: Lock, *, name: str, label: str = ""
    ) -> Key:
        """Write an archive with this one file under `name`; it has no place for a label."""
        del label
        return self.protect_many([(name, source)], target, lock)

    def protect_many(
        self,
        sources: Sequence[tuple[str, BinaryIO]],
        target: BinaryIO,
        lock: Lock,
        *,
        label: str = "",
    ) -> Key:
        """Write an archive with several files under their relative names; no place for a label.

        Raises `InvalidInput`: `protect.unsafe-name`, `protect.duplicate-name`.
        """
        del label
        self.refuse_certificates(lock)
        self.check(lock.password)
        names = [name for name, _ in sources]
        for name in names:
            if not is_safe_name(name):
                raise InvalidInput("protect.unsafe-name", name=name[:80])
        if len({name.casefold() for name in names}) != len(names):
            raise InvalidInput("protect.duplicate-name")
        with emptied_on_failure(target):
            writer = Writer(target, lock.password.encode("utf-8"))
            for name, source in sources:
                writer.add(name, source)
            writer.finish()
        return Key(lock.password)

    def contents(self, source: BinaryIO, key: Key) -> tuple[Member, ...]:
        """List the files inside with safe names; names are visible without the password."""
        del key
        return Archive(source).members

    def open(self, source: BinaryIO, target: BinaryIO, key: Key, *, member: int = 0) -> None:
        """Write one file from inside; MAC, length and end of data are checked.

        Passwords of others may be in the Japanese code page: it is tried after UTF-8.
        """
        secrets = _forms(key.password)
        with emptied_on_failure(target):
            Archive(source).extract(member, target, secrets)

    def open_all(self, source: BinaryIO, target: BinaryIO, key: Key) -> tuple[Member, ...]:
        """Write all files, one behind the other, and list them."""
        archive, secrets = Archive(source), _forms(key.password)
        with emptied_on_failure(target):
            for index in range(len(archive.members)):
                archive.extract(index, target, secrets)
        return archive.members

    def prove(
        self, source: BinaryIO, result: BinaryIO, key: Key, *, name: str, label: str = ""
    ) -> None:
        """Open the result: byte for byte the source under its name, closed to other passwords."""
        del label
        self.prove_many([(name, source)], result, key)

    def prove_many(
        self,
        sources: Sequence[tuple[str, BinaryIO]],
        result: BinaryIO,
        key: Key,
        *,
        label: str = "",
    ) -> None:
        """Prove an archive of several files; raises `protect.not-proven`."""
        del label
        secret = [key.password.encode("utf-8")]
        try:
            archive = Archive(result)
            expected = [Member(name, size_of(source)) for name, source in sources]
            if list(archive.members) != expected:
                raise not_proven("names")
            for index, (_, source) in enumerate(sources):
                comparison = Comparison(source)
                archive.extract(index, cast("BinaryIO", comparison), secret)
                if not comparison.equal():
                    raise not_proven("content")
        except MetiDeskError as error:
            what = str(error.params.get("what", "content"))
            raise not_proven(what) from None
        # One password closes all members; the slow hash is not done again for every small file.
        for index in range(min(len(sources), _TRIED)):
            if archive.accepts(index, other_than(key.password).encode()):
                raise not_proven("password")


def _forms(password: str) -> list[bytes]:
    """Give the forms in which others may have typed a password: UTF-8, then the code page."""
    check_password(password, 1 << 16, "utf-8")
    forms = [password.encode("utf-8")]
    with suppress(UnicodeEncodeError):
        forms.append(password.encode("cp932"))
    return list(dict.fromkeys(forms))
