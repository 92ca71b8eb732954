"""All methods of protection in one place, and what is the same for all of them.

A new method is one object and one line in `METHODS`. Every way in asks the table of algorithms
first, and no result counts before it was opened again and compared.
"""

import codecs
from collections.abc import Sequence
from importlib import import_module
from typing import BinaryIO

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.base import (
    Key,
    Lock,
    ManyFiles,
    Member,
    Method,
    ProtectionFound,
    emptied_on_failure,
    head_of,
)
from meti_desk.protection.cms import Cms
from meti_desk.protection.cryptrec import COMPATIBILITY, Note, Table
from meti_desk.protection.html_method import Html
from meti_desk.protection.html_page import load_template
from meti_desk.protection.keys.base import Wrap
from meti_desk.protection.metienc import Metienc
from meti_desk.protection.office import CFB_MAGIC, Office
from meti_desk.protection.pdf import Pdf
from meti_desk.protection.split import is_part
from meti_desk.protection.zipaes import Zip

OFFICE, PDF, ZIP, CMS, METIENC, HTML = Office(), Pdf(), Zip(), Cms(), Metienc(), Html()
METHODS: dict[str, Method] = {
    method.id: method for method in (OFFICE, PDF, ZIP, CMS, METIENC, HTML)
}
"""All methods, by their ids; see `choose` for which is proposed."""

_OPENED_BY = {"office": "office", "office-standard": "office", "pdf": "pdf"}
_OPENED_BY |= {"cms": "cms", "metienc": "metienc", "html": "html"}
_OPENED_BY |= {"zip": "zip", "zipcrypto": "zip"}


ENDINGS = {"zip": ".zip", "metienc": ".metienc", "html": ".html", "cms": ".p7m"}
"""What a method adds to the name of a file; the others keep it."""

_LATE = (
    "Cryptodome.Cipher._mode_ctr",
    "cryptography.cobblestone",
    "cryptography.exceptions",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.ciphers.algorithms",
    "cryptography.hazmat.primitives.ciphers.modes",
    "cryptography.hazmat.primitives.asymmetric.ec",
    "cryptography.hazmat.primitives.asymmetric.padding",
    "cryptography.hazmat.primitives.asymmetric.rsa",
    "cryptography.hazmat.primitives.kdf.hkdf",
    "cryptography.hazmat.primitives.kdf.x963kdf",
    "cryptography.hazmat.primitives.keywrap",
    "cryptography.hazmat.primitives.serialization",
    "cryptography.x509",
    "gzip",
    "logging",
    "lxml.etree",
    "mimetypes",
    "msoffcrypto",
    "olefile",
    "pikepdf",
    "pyzipper.zipfile_aes",
    "traceback",
)
"""Modules that are imported where they are used, because they cost; see `preload`."""


class Protected(msgspec.Struct, frozen=True, kw_only=True):
    """What was done: for the ledger, the letter and the person.

    `sentence` is the code of what the method meets and what not, `warnings` codes beside it;
    `notes` are algorithms in use that are not listed, with the reason to record (Art. 30-1).
    """

    method: str
    algorithms: tuple[str, ...]
    meets: tuple[str, ...]
    sentence: str
    warnings: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    listed: bool = True


def get(method_id: str) -> Method:
    """Find a method; raises `InvalidInput("protect.unknown-method")`."""
    if method_id not in METHODS:
        raise InvalidInput("protect.unknown-method", method=method_id[:40])
    return METHODS[method_id]


def choose(
    variant: str,
    size: int,
    *,
    signed: bool = False,
    certificates: bool = False,
    inside: bool = False,
    encrypt: bool = False,
) -> str:
    """Propose the method for a file: its own password where it has one.

    Else, for those who have the application (`inside`) `.metienc`, for others a ZIP, which all can
    open; where encryption by listed algorithms is demanded (`encrypt`, Art. 14-2) a page that
    opens itself, as long as the file is small enough for one. A signed PDF is never encrypted
    itself, because that would break the signature. For certificates it is a method that knows
    recipients.
    """
    order = [OFFICE.id, *([] if signed else [PDF.id])]
    order += [METIENC.id] if inside else []
    order += [HTML.id, ZIP.id] if encrypt else [ZIP.id]
    if certificates:
        order = [name for name in (*order, *METHODS) if METHODS[name].takes_certificates]
    return next(name for name in order if METHODS[name].suits(variant, size))


def allow(
    method_id: str, *, lock: Lock | None = None, reason: str = "", table: Table | None = None
) -> tuple[Note, ...]:
    """Ask the table whether a method may be used anew; gives what has to be recorded.

    With a lock the certificates in it are judged, too.

    運用監視 algorithms stay in use for compatibility; that is the reason recorded for ZIP when the
    person gives none. Raises `RuleViolation`: `crypto.not-listed`, `crypto.compromised`.
    """
    method = get(method_id)
    rows = table or Table.load()
    used = method.algorithms if lock is None else method.used(lock)
    parts = [part for name in used for part in rows.parts(name)]
    unlisted = {rows.state(part) for part in parts} - {"listed"}
    standing = COMPATIBILITY if unlisted == {"monitored"} else ""
    return rows.require(used, reason=reason or standing)


def protect(
    method_id: str,
    source: BinaryIO,
    target: BinaryIO,
    lock: Lock,
    *,
    name: str = "",
    label: str = "",
    reason: str = "",
    table: Table | None = None,
) -> Protected:
    """Protect a file and prove the result (Arts. 14-1, 14-2, 30-1).

    `target` is empty, readable and seekable; `name` is what the file is called inside, `label`
    travels beside it. When anything fails `target` is left empty. Errors: those of `Method`, of
    `allow`, and `protect.not-proven`.
    """
    lock = msgspec.structs.replace(lock, reason=reason or lock.reason)
    notes = allow(method_id, lock=lock, reason=lock.reason, table=table)
    method = get(method_id)
    key = method.protect(source, target, lock, name=name, label=label)
    with emptied_on_failure(target):
        target.flush()
        method.prove(source, target, key, name=name, label=label)
    return _told(method, method.used(lock), notes, table)


def protect_many(
    sources: Sequence[tuple[str, BinaryIO]],
    target: BinaryIO,
    lock: Lock,
    *,
    method_id: str = ZIP.id,
    label: str = "",
    reason: str = "",
    table: Table | None = None,
) -> Protected:
    """Protect several files in one ZIP, `.metienc` or page and prove the result; see `protect`.

    Raises `InvalidInput("protect.one-file-only")` for the methods that hold one document.
    """
    notes = allow(method_id, lock=lock, reason=reason, table=table)
    method = _holding(method_id)
    key = method.protect_many(sources, target, lock, label=label)
    with emptied_on_failure(target):
        target.flush()
        method.prove_many(sources, target, key, label=label)
    return _told(method, method.used(lock), notes, table)


def prove(
    method_id: str,
    source: BinaryIO,
    result: BinaryIO,
    key: Key,
    *,
    name: str = "",
    label: str = "",
) -> None:
    """Open a protected file again and compare; raises `InvalidInput("protect.not-proven")`."""
    get(method_id).prove(source, result, key, name=name, label=label)


def detect(source: BinaryIO) -> ProtectionFound | None:
    """Describe how a file is protected, by its content, else `None`; never fails on damage."""
    head = head_of(source)
    for method in METHODS.values():
        found = method.recognise(head, source)
        if found is not None:
            return found
    return _old_office(source) if head.startswith(CFB_MAGIC) else None


def wraps(source: BinaryIO) -> tuple[Wrap, ...]:
    """Give the content key of a protected file as it is wrapped for each certificate.

    A private key unwraps one of them elsewhere; `Key(content_key=…)` opens the file then. Raises
    `protect.no-certificates` for formats without recipients.
    """
    return _opener(source).wraps(source)


def contents(source: BinaryIO, key: Key) -> tuple[Member, ...]:
    """List the files inside a protected file; an empty name means the name that it has outside."""
    return _opener(source).contents(source, key)


def open_any(source: BinaryIO, target: BinaryIO, key: Key, *, member: int = 0) -> str:
    """Open a protected file by its content; gives the name of the member (may be empty).

    Only one member is written at a time: `contents` tells how many there are. Errors:
    `open.not-protected`, `open.unsupported`, `open.wrong-password`, `open.tampered`.
    """
    method = _opener(source)
    inside = method.contents(source, key)
    if not 0 <= member < len(inside):
        raise InvalidInput("open.no-such-member", member=member)
    method.open(source, target, key, member=member)
    return inside[member].name


def open_all(source: BinaryIO, target: BinaryIO, key: Key) -> tuple[Member, ...]:
    """Open all files inside in one pass, written to `target` one behind the other.

    Their sizes tell where each begins. Far quicker than `open_any` for many small files: the
    password is hashed once. Errors as `open_any`; then `target` is left empty.
    """
    method = _opener(source)
    if isinstance(method, ManyFiles):
        return method.open_all(source, target, key)
    inside = method.contents(source, key)
    method.open(source, target, key, member=0)
    return (msgspec.structs.replace(inside[0], size=target.seek(0, 2)),)


def listed(found: ProtectionFound, *, table: Table | None = None) -> bool:
    """Tell whether all that a file was protected with stands on the 推奨 list (Art. 30-1)."""
    return (table or Table.load()).all_listed(found.algorithms)


def preload() -> None:
    """Load what is loaded late elsewhere: a confined worker can read no module and no table."""
    for name in _LATE:
        import_module(name)
    for codec in ("cp437", "cp932", "idna", "utf-16-le"):
        codecs.lookup(codec)
    Table.load()
    load_template()


def _holding(method_id: str) -> ManyFiles:
    method = get(method_id)
    if not isinstance(method, ManyFiles):
        raise InvalidInput("protect.one-file-only", method=method_id)
    return method


def _opener(source: BinaryIO) -> Method:
    found = detect(source)
    if found is None:
        raise InvalidInput("open.is-a-part" if is_part(head_of(source)) else "open.not-protected")
    if not found.openable or found.method not in _OPENED_BY:
        raise InvalidInput("open.unsupported", what=found.method)
    return get(_OPENED_BY[found.method])


def _told(
    method: Method, used: tuple[str, ...], notes: tuple[Note, ...], table: Table | None
) -> Protected:
    return Protected(
        method=method.id,
        algorithms=used,
        meets=method.meets,
        sentence=method.sentence,
        warnings=method.notes,
        notes=notes,
        listed=(table or Table.load()).all_listed(used),
    )


def _old_office(source: BinaryIO) -> ProtectionFound | None:
    """Recognise password protection of the formats before OOXML; it cannot be trusted any more."""
    import msoffcrypto

    source.seek(0)
    try:
        locked = msoffcrypto.OfficeFile(source).is_encrypted()
    except Exception:  # noqa: BLE001 - whatever this parser raises, the file is not known as locked
        return None
    return ProtectionFound("office-legacy", ("rc4", "md5"), openable=False) if locked else None
