"""What closes the files that are given away: certificates of the address book, or a password.

Where each recipient has a certificate that can be used now, it closes the files and there is no
password to tell (Art. 14-2); else there is one, which goes another way (Art. 14-1).
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from meti_desk.domain.circumstances import GIVING
from meti_desk.domain.errors import MetiDeskError
from meti_desk.domain.label import Label
from meti_desk.domain.measures import Measure, MeasureState
from meti_desk.protection.registry import METHODS
from meti_desk.services.context import Context
from meti_desk.services.facts import opened
from meti_desk.services.messages import HandleRequest
from meti_desk.services.plan import Intent, intent, label_of, measures
from meti_desk.services.proposing import certificates_arrive, known_of, method_of
from meti_desk.services.protect import RequestLock, password_for
from meti_desk.services.protect_for import of_files
from meti_desk.services.recipient_messages import RecipientView
from meti_desk.services.recipients import certificates_for, newest
from meti_desk.services.suggest import QUICK


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """How the files of an act would be protected, for the person who decides.

    `methods` are all methods in use, each once: every file gets the one that suits it. Empty: no
    measure asks for protection. `why` and `notes` are codes (`propose.…`). `by_certificate`: those
    of the recipients open the files, so that no password is asked.
    """

    methods: tuple[str, ...] = ()
    why: str = ""
    by_certificate: bool = False
    notes: tuple[str, ...] = ()


def lock_for(ctx: Context, request: HandleRequest, what: Intent) -> RequestLock:
    """Give what closes the files of a request.

    Certificates that are given count, and beside them those of the recipients; without any given
    only when they suffice for all, and nobody chose a password or a method that takes none. When
    some recipient is left without, there is a password as well. Raises those of
    `protect_for.of_files` and `protect.password_for`.
    """
    receivers = _receivers(ctx, what)
    held, asks = _certificates(ctx, request, receivers)
    password = password_for(ctx, request.password) if asks else ""
    return RequestLock(password, held, receivers)


def closing(ctx: Context, request: HandleRequest) -> Closing:
    """Tell before the act how its files would be protected, and why.

    A password that is still being typed is not judged. A file that cannot be read is left out here:
    the plan tells of it. Raises those of `protect_for.of_files` and of `plan.intent`.
    """
    what = intent(ctx, request.plan)
    receivers = _receivers(ctx, what)
    held, asks = _certificates(ctx, request, receivers)
    lock = RequestLock("", held, receivers)
    found = [one for path in request.plan.paths if (one := _of(ctx, Path(path), lock, what))]
    if request.method or not found:
        return Closing()
    whys = tuple(dict.fromkeys(why for _, why in found))
    return Closing(
        methods=tuple(dict.fromkeys(method for method, _ in found)),
        why=whys[0] if len(whys) == 1 else "propose.each",
        by_certificate=not asks,
        notes=_notes(receivers, request),
    )


def _certificates(
    ctx: Context, request: HandleRequest, receivers: Sequence[RecipientView]
) -> tuple[tuple[bytes, ...], bool]:
    """Give the certificates that are used, and whether there is a password as well."""
    given = (*request.certificates, *_of_files(ctx, request))
    able = [one for one in receivers if _usable(one, request)]
    chosen = bool(request.password) or request.agreed
    takes = not request.method or _takes_certificates(request.method)
    suffices = len(able) == len(receivers) > 0 and certificates_arrive(receivers)
    held: tuple[bytes, ...] = ()
    if given or (suffices and takes and not chosen):
        held = tuple(dict.fromkeys((*given, *certificates_for(ctx, [one.mail for one in able]))))
    left = len(receivers) - len(able) > len(given)
    return held, chosen or left or not held


def _of(ctx: Context, path: Path, lock: RequestLock, what: Intent) -> tuple[str, str] | None:
    try:
        with opened(ctx, path, QUICK) as facts:
            label = label_of(ctx, facts, what)
            if not isinstance(label, Label):
                return None
            found = measures(ctx, facts, what, label, accept_proposals=True)
            if not (done(found, "password") or done(found, "encryption")):
                return None
            return method_of(
                ctx, facts, lock.receivers,
                label=label, certificates=bool(lock.certificates),
                encrypt=done(found, "encryption"),
            )  # fmt: skip
    except (MetiDeskError, OSError):
        return None


def done(found: Sequence[Measure], measure: str) -> bool:
    """Tell whether a measure is carried out."""
    return any(one.id == measure and one.state is MeasureState.DONE for one in found)


def _receivers(ctx: Context, what: Intent) -> tuple[RecipientView, ...]:
    """Give what is known of those who receive; of an act in which nobody does: none."""
    if what.action not in GIVING:
        return ()
    names = dict.fromkeys(one.strip() for one in what.request.to)
    return tuple(known_of(ctx, one) for one in names)


def _usable(one: RecipientView, request: HandleRequest) -> bool:
    """Tell whether there is a certificate to use; a short key needs a reason (Art. 30-1)."""
    return one.ready and (bool(request.reason_unlisted.strip()) or not _short(one))


def _short(one: RecipientView) -> bool:
    return newest([held for held in one.certificates if held.usable]).short


def _takes_certificates(method: str) -> bool:
    return method in METHODS and METHODS[method].takes_certificates


def _of_files(ctx: Context, request: HandleRequest) -> tuple[bytes, ...]:
    return of_files(ctx, request.certificate_files, compared=request.compared)


def _notes(receivers: Sequence[RecipientView], request: HandleRequest) -> tuple[str, ...]:
    """Name what the person has to know of the recipients."""
    gateway = any(one.blocks_encrypted for one in receivers)
    short = any(one.ready and not _usable(one, request) for one in receivers)
    return (*(("propose.gateway",) if gateway else ()), *(("propose.short",) if short else ()))
