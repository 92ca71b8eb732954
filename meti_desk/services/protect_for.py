"""For which certificates a file is protected: given, read, or of the address book (Art. 14-2)."""

from collections.abc import Sequence
from pathlib import Path

from meti_desk.domain.errors import RuleViolation
from meti_desk.protection.keys.facts import CertificateFacts
from meti_desk.services.certificate_judging import read_file
from meti_desk.services.context import Context
from meti_desk.services.messages import ProtectRequest
from meti_desk.services.recipients import certificates_for

_USED = frozenset({"valid", "expiring"})
_AFTER_PHONE = frozenset({"untrusted", "self-signed"})


def certificates_of(ctx: Context, request: ProtectRequest) -> tuple[bytes, ...]:
    """Give the certificates (DER) of a request, each once.

    Raises those of `recipients.certificates_for`, and for files: `certificate.damaged`,
    `certificate.expired` and the other states that are refused.
    """
    found = list(request.certificates)
    if request.recipients:
        found += certificates_for(ctx, request.recipients)
    found += of_files(ctx, request.certificate_files, compared=request.compared)
    return tuple(dict.fromkeys(found))


def of_files(ctx: Context, names: Sequence[str], *, compared: bool) -> tuple[bytes, ...]:
    """Give the certificates that lie in files, for one time (Art. 14-2).

    `compared`: somebody compared the fingerprints by phone. Errors as for `certificates_of`.
    """
    found = [one for name in names for one in _of_file(ctx, Path(name), compared=compared)]
    return tuple(dict.fromkeys(found))


def _of_file(ctx: Context, path: Path, *, compared: bool) -> list[bytes]:
    """Read a file; certificates of authorities beside that of the recipient are passed over."""
    known = read_file(ctx, path)
    people = [one for one in known if "encrypt" in one.uses]
    for one in people:
        if one.state not in _USED and not (compared and one.state in _AFTER_PHONE):
            raise _refused(one)
    if not people:
        raise _refused(known[0])
    return [one.data for one in people]


def _refused(one: CertificateFacts) -> RuleViolation:
    code = {
        "expired": "certificate.expired",
        "not-yet": "certificate.not-yet",
        "revoked": "certificate.revoked",
        "untrusted": "certificate.unconfirmed",
        "self-signed": "certificate.unconfirmed",
    }.get(one.state, "certificate.unusable")
    day = one.begins if one.state == "not-yet" else one.ends
    return RuleViolation(code, articles=("14-2",), recipient=one.name, day=day[:10])
