"""Native PDF password (Arts. 14-1, 14-2 without integrity): AES-256, revision 6, metadata too.

The format has no integrity: whoever alters the file may do so unnoticed, and the application says
so. The document itself - objects, streams, properties - is carried over as it is.
"""

import unicodedata
import warnings
from stringprep import in_table_b1, in_table_c12
from typing import TYPE_CHECKING, BinaryIO, Final

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.protection.base import (
    DAMAGE,
    Key,
    Lock,
    Member,
    PasswordOnly,
    ProtectionFound,
    check_password,
    emptied_on_failure,
    head_of,
    not_proven,
    other_than,
    size_of,
)
from meti_desk.protection.pdf_compare import same
from meti_desk.protection.pdf_detect import encryption_of
from meti_desk.sink import held_back

if TYPE_CHECKING:
    import pikepdf

_MOST = 127
"""Bytes of UTF-8 that the format takes (ISO 32000-2, 7.6.4.3.3)."""
_LARGEST = 1 << 31
_SIGNATURES_EXIST = 1
_REVISION: Final = 6


class Pdf(PasswordOnly):
    """Protects PDFs by their own password."""

    id = "pdf"
    algorithms: tuple[str, ...] = ("aes-256", "cbc", "pdf-r6-kdf")
    meets: tuple[str, ...] = ("14-1", "14-2")
    sentence = "meets.pdf"
    notes: tuple[str, ...] = ("pdf.no-integrity",)

    def suits(self, variant: str, size: int) -> bool:
        """Take PDFs below 2 GiB."""
        return variant == "pdf" and 0 < size < _LARGEST

    def recognise(self, head: bytes, source: BinaryIO) -> ProtectionFound | None:
        """Describe an encrypted PDF, without its password."""
        if b"%PDF-" not in head[:1024]:
            return None
        return encryption_of(source)

    def check(self, password: str) -> None:
        """Refuse what the format would cut: more than 127 bytes in its normal form."""
        check_password(normalized(password), _MOST, "utf-8")

    def protect(
        self, source: BinaryIO, target: BinaryIO, lock: Lock, *, name: str, label: str = ""
    ) -> Key:
        """Encrypt all strings and streams; a signed PDF is refused, for its signature would break.

        User and owner password are the same: an empty owner password would open the file.
        """
        del name, label
        import pikepdf

        self.refuse_certificates(lock)
        self.check(lock.password)
        secret = normalized(lock.password)
        if b"%PDF-" not in head_of(source)[:1024]:
            raise InvalidInput("protect.wrong-kind", method=self.id)
        with emptied_on_failure(target), _opened(source, "", "protect.already-protected") as pdf:
            if pdf.is_encrypted:
                raise InvalidInput("protect.already-protected")
            if _signed(pdf):
                raise InvalidInput("document.signed")
            _save(pdf, target, pikepdf.Encryption(owner=secret, user=secret, R=_REVISION))
        return Key(lock.password)

    def contents(self, source: BinaryIO, key: Key) -> tuple[Member, ...]:
        """Tell the one document inside; its plain size is about that of the file."""
        del key
        return (Member("", size_of(source)),)

    def open(self, source: BinaryIO, target: BinaryIO, key: Key, *, member: int = 0) -> None:
        """Write the document without password.

        Made by others, a password may not be in normal form: it is tried as it is, too. A file
        that would have to be repaired is refused: half a document must not pass for the whole.
        """
        if member:
            raise InvalidInput("open.no-such-member", member=member)
        secret = _fitting(source, key.password)
        with (
            emptied_on_failure(target),
            _opened(source, secret, "open.wrong-password", repair=False) as pdf,
        ):
            if not pdf.is_encrypted:
                raise InvalidInput("open.not-protected")
            _save(pdf, target, None)

    def prove(
        self, source: BinaryIO, result: BinaryIO, key: Key, *, name: str, label: str = ""
    ) -> None:
        """Open the result: the same objects and stream data, and closed without the password."""
        del name, label
        secret = normalized(key.password)
        try:
            with (
                _opened(source, "", "protect.already-protected") as before,
                _opened(result, secret, "open.wrong-password") as after,
            ):
                strong = after.is_encrypted and after.encryption.R == _REVISION
                if not strong or not same(before, after):
                    raise not_proven("content")
        except MetiDeskError:
            raise not_proven("content") from None
        for wrong in ("", other_than(key.password)):
            try:
                with _opened(result, wrong, "open.wrong-password"):
                    pass
            except InvalidInput as refused:
                if refused.code == "open.wrong-password":
                    continue
            raise not_proven("password")


def normalized(password: str) -> str:
    """Bring a password into the normal form that the format asks for (SASLprep, RFC 4013).

    Full-width letters become plain ones: a reader that follows the norm does the same to what is
    typed. Characters newer than the norm (emoji) stay as they are.
    """
    mapped = "".join(
        " " if in_table_c12(char) else char for char in password if not in_table_b1(char)
    )
    return unicodedata.normalize("NFKC", mapped)


def _fitting(source: BinaryIO, password: str) -> str:
    """Choose the form of a password that opens the file; without one, the normal form."""
    for secret in dict.fromkeys((normalized(password), password)):
        check_password(secret, 1 << 16, "utf-8")
        try:
            with _opened(source, secret, "open.wrong-password"):
                return secret
        except InvalidInput as refused:
            if refused.code != "open.wrong-password":
                raise
    raise InvalidInput("open.wrong-password")


class _opened:  # noqa: N801 - reads as what it is: `with _opened(...)`
    """Opens a PDF and turns the errors of its reader into ours."""

    def __init__(
        self, source: BinaryIO, password: str, on_password: str, *, repair: bool = True
    ) -> None:
        self._source, self._password, self._code = source, password, on_password
        self._repair = repair
        self._pdf: pikepdf.Pdf | None = None

    def __enter__(self) -> "pikepdf.Pdf":
        import pikepdf

        self._source.seek(0)
        try:
            with warnings.catch_warnings():
                # A password that was not needed is found out here by `is_encrypted`.
                warnings.simplefilter("ignore", UserWarning)
                self._pdf = pikepdf.open(
                    self._source,
                    password=self._password,
                    suppress_warnings=True,
                    attempt_recovery=self._repair,
                )
        except pikepdf.PasswordError:
            raise InvalidInput(self._code) from None
        except (pikepdf.PdfError, *DAMAGE):
            raise InvalidInput("document.damaged") from None
        return self._pdf

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        import pikepdf

        if self._pdf is not None:
            self._pdf.close()
        if kind is None or issubclass(kind, MetiDeskError):
            return
        if issubclass(kind, (pikepdf.PdfError, *DAMAGE)):
            raise InvalidInput("document.damaged") from None


def _save(pdf: "pikepdf.Pdf", target: BinaryIO, encryption: "pikepdf.Encryption | None") -> None:
    """Write the objects as they are: nothing is decoded, compressed or tidied."""
    import pikepdf

    with held_back(target) as sink:
        pdf.save(
            sink,
            encryption=encryption if encryption is not None else False,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
            fix_metadata_version=False,
        )


def _signed(pdf: "pikepdf.Pdf") -> bool:
    """Tell whether the document carries a signature."""
    import pikepdf

    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return False
    flags = form.get("/SigFlags", 0)
    if isinstance(flags, int) and flags & _SIGNATURES_EXIST:
        return any(
            isinstance(thing, pikepdf.Dictionary) and "/ByteRange" in thing for thing in pdf.objects
        )
    return False
