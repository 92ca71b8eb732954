"""By what certificates are judged here: the roots of policy, and what the office put in its folder.

Read from files that an administrator placed; nothing is fetched. A person cannot add a root: for a
certificate that reaches none there is the comparison of the fingerprint by phone.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.services.context import Context
from meti_desk.system.place import office_folder

_MOST_FILES = 200
_MOST_BYTES = 16 << 20
_CERTIFICATES = frozenset({".pem", ".crt", ".cer", ".der", ".p7b", ".p7c"})
_LISTS = frozenset({".crl", ".pem", ".der"})


class TrustSet(msgspec.Struct, frozen=True):
    """Roots, certificates between root and leaf, and revocation lists, all DER."""

    roots: tuple[bytes, ...] = ()
    others: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


def folder(ctx: Context) -> Path:
    """Give the office's folder: `roots/`, `others/` and `crls/` lie in it."""
    named = ctx.policy.certificates.folder
    return Path(named) if named else office_folder() / "certificates"


def trusted(ctx: Context) -> TrustSet:
    """Read what is trusted; raises `EnvironmentProblem("trust.unreadable", path=…)`.

    A file that cannot be read is an error and not a root less: somebody has to know of it.
    """
    place = folder(ctx)
    named = [place / one for one in ctx.policy.certificates.roots]  # an absolute one stays itself
    roots = [der for path in named for der in _certificates(path)]
    roots += [der for path in _files(place / "roots", _CERTIFICATES) for der in _certificates(path)]
    others = [
        der for path in _files(place / "others", _CERTIFICATES) for der in _certificates(path)
    ]
    lists = [_list(path) for path in _files(place / "crls", _LISTS)]
    return TrustSet(tuple(dict.fromkeys(roots)), tuple(dict.fromkeys(others)), tuple(lists))


def _files(place: Path, endings: frozenset[str]) -> Iterator[Path]:
    if not place.is_dir():
        return
    found = sorted(one for one in place.iterdir() if one.suffix.lower() in endings)
    yield from found[:_MOST_FILES]


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError:
        raise EnvironmentProblem("trust.unreadable", path=str(path)) from None
    if len(data) > _MOST_BYTES:
        raise EnvironmentProblem("trust.unreadable", path=str(path))
    return data


def _certificates(path: Path) -> tuple[bytes, ...]:
    from meti_desk.protection.keys.certificates import ders_of

    try:
        return ders_of(_bytes(path))
    except InvalidInput:
        raise EnvironmentProblem("trust.unreadable", path=str(path)) from None


def _list(path: Path) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    data = _bytes(path)
    pem = data.lstrip().startswith(b"-----BEGIN")
    try:
        read = x509.load_pem_x509_crl(data) if pem else x509.load_der_x509_crl(data)
        return read.public_bytes(Encoding.DER)
    except ValueError:
        raise EnvironmentProblem("trust.unreadable", path=str(path)) from None
