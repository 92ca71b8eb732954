"""Protect a file with a password and listed algorithms, and the way back (Arts. 14-1, 14-2, 30)."""

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import msgspec

from meti_desk.domain import events, stored_label
from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.domain.label import AnyLabel
from meti_desk.formats.jobs import ProtectOrder, ProtectReport
from meti_desk.protection import password as passwords
from meti_desk.protection.registry import ENDINGS, get
from meti_desk.services.batch import each
from meti_desk.services.context import Context
from meti_desk.services.copying import check_second_file
from meti_desk.services.deciding import check_special
from meti_desk.services.facts import Facts, opened, require_unchanged
from meti_desk.services.giving import write_slip
from meti_desk.services.messages import Done, DoneFile, ProtectRequest
from meti_desk.services.plain import plain
from meti_desk.services.ports import Progress
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view
from meti_desk.services.writing import place_new

if TYPE_CHECKING:
    from meti_desk.services.recipient_messages import RecipientView

HIDES_NAMES = frozenset({"cms", "metienc", "html"})
"""Methods that keep the name of the file inside, so that it need not show outside."""
HIDDEN_NAME = "保護ファイル"

_LARGEST_ELSEWHERE = (2 << 30) - (1 << 20)
"""Bytes of an envelope that `openssl cms` opens."""

WEAKEST, SHORTEST = 2, 8
"""The least score of zxcvbn (0-4) and length of a password that somebody chose."""

Rows = list[tuple[DoneFile, tuple[str, ...]]]


class RequestLock(NamedTuple):
    """What closes the files of one request."""

    password: str
    certificates: tuple[bytes, ...]
    receivers: "tuple[RecipientView, ...]" = ()
    """What is known of those who receive them, for the proposal of the method."""

    def __repr__(self) -> str:
        """Leave the password out."""
        return f"RequestLock({len(self.certificates)} certificates)"


def protect(ctx: Context, request: ProtectRequest, progress: Progress | None = None) -> Done:
    """Write a protected copy of each file to `out`; a password that is not given is made.

    One password for the whole request; it comes back in the result for the person to pass on. One
    that was made here is written on a パスワード通知書 as well: nobody else knows it. For
    certificates no password is made: each file goes into an envelope of its own, which they open.
    """
    ctx.open_store()
    certificates = _certificates(ctx, request)
    password = ""
    if request.password or not certificates:
        password = password_for(ctx, request.password)
    lock = RequestLock(password, certificates, _receivers(ctx, request))
    folder = Path(request.out)
    folder.mkdir(parents=True, exist_ok=True)

    def one(path: Path) -> tuple[DoneFile, tuple[str, ...]]:
        with opened(ctx, path, QUICK) as facts:
            return _protect_one(ctx, facts, request, lock, folder)

    if request.together:
        from meti_desk.services.protect_together import protect_together

        done = protect_together(ctx, request, lock, progress)
    else:
        done = gathered(list(each(request.paths, one, failed, progress)))
    names = [Path(out).name for row in done.files for out in row.out]
    slip, files = "", done.files
    if names and password and not request.password:
        try:
            slip = write_slip(ctx, folder, names, password)
        except MetiDeskError as error:
            # The password is in the answer: it must not be lost with its slip.
            files = tuple(_without_slip(row, error) for row in files)
    return Done(files=files, events=done.events, password=password, password_slip=slip)


def _without_slip(row: DoneFile, error: MetiDeskError) -> DoneFile:
    return row if row.error else msgspec.structs.replace(row, error=error_view(error))


def _certificates(ctx: Context, request: ProtectRequest) -> tuple[bytes, ...]:
    """Give the certificates of a request; what reads them is loaded only where there are some."""
    if not (request.certificates or request.certificate_files or request.recipients):
        return ()
    from meti_desk.services.protect_for import certificates_of

    return certificates_of(ctx, request)


def _receivers(ctx: Context, request: ProtectRequest) -> "tuple[RecipientView, ...]":
    if not request.recipients:
        return ()
    from meti_desk.services.proposing import known_of

    return tuple(known_of(ctx, one) for one in request.recipients)


def failed(path: str, error: MetiDeskError) -> tuple[DoneFile, tuple[str, ...]]:
    """Make the row of a file that could not be worked on."""
    return DoneFile(path=path, error=error_view(error)), ()


def gathered(rows: Rows) -> Done:
    """Put the rows of all files and their events together."""
    return Done(
        files=tuple(row for row, _ in rows),
        events=tuple(event for _, ids in rows for event in ids),
    )


def password_for(ctx: Context, given: str) -> str:
    """Take the password that a person chose unless it is a plain guess, or make one.

    Raises `RuleViolation("password.too-weak")` (Arts. 14-1, 20-1(4)).
    """
    if not given:
        return passwords.generate(ctx.ids.token).password
    judged = passwords.strength(given)
    if judged.score < WEAKEST or len(given) < SHORTEST:
        raise RuleViolation("password.too-weak", articles=("14-1", "20-1(4)"))
    return given


def method_for(
    ctx: Context, facts: Facts, lock: RequestLock, wanted: str, *, label: AnyLabel | None,
    encrypt: bool = False,
) -> str:  # fmt: skip
    """Give the method: the one asked for, or the one that `services.proposing` proposes.

    `label` is the one to handle by, `encrypt`: encryption by listed algorithms was found necessary
    (Art. 14-2). Raises `InvalidInput`: `protect.unknown-method`, `protect.no-certificates`.
    """
    certificates = bool(lock.certificates)
    if wanted:
        method = get(wanted)
        if certificates and not method.takes_certificates:
            raise InvalidInput("protect.no-certificates", method=method.id)
        return method.id
    from meti_desk.services.proposing import method_of

    proposed, _why = method_of(
        ctx, facts, lock.receivers, label=label, certificates=certificates, encrypt=encrypt
    )
    return proposed


def protected_name(name: str, method: str) -> str:
    """Name the protected file: what is no document any more takes an ending of its own."""
    return name + ENDINGS.get(method, "")


def label_inside(label: AnyLabel | None) -> str:
    """Write the label as it travels in an envelope: the 格付, and in a second line the 取扱制限."""
    if label is None:
        return ""
    return f"{stored_label.label_text(label)}\n{stored_label.handling_text(label)}".rstrip("\n")


def run_protection(
    ctx: Context, source: BinaryIO, target: BinaryIO, order: ProtectOrder
) -> ProtectReport:
    """Protect in a worker; what comes back was opened again and compared there.

    What is marked 危殆化 here is refused there, certificates included (Art. 30-2).
    """
    marked = tuple(row.id for row in ctx.table().algorithm if row.compromised_since)
    order = msgspec.structs.replace(order, compromised=marked)
    return ctx.workers.run("protect", order, {"source": source, "target": target}, ProtectReport)


def check_protectable(ctx: Context, facts: Facts) -> None:
    """Refuse what may not have a protected copy, or is one.

    Raises those of `check_special` and `check_second_file`, and `protect.already-protected`.
    """
    check_special(ctx, facts)
    check_second_file(ctx, facts)
    if facts.inspection.obstacle == "encrypted":
        raise InvalidInput("protect.already-protected")


def _protect_one(
    ctx: Context, facts: Facts, request: ProtectRequest, lock: RequestLock, folder: Path
) -> tuple[DoneFile, tuple[str, ...]]:
    check_protectable(ctx, facts)
    method = method_for(ctx, facts, lock, request.method, label=facts.label)
    order = ProtectOrder(
        method=method,
        password=lock.password,
        name=facts.path.name,
        certificates=lock.certificates,
        on=ctx.clock.now().date().isoformat(),
        label=label_inside(facts.label),
        document=facts.document_id,
        reason=request.reason_unlisted,
    )
    with ctx.files.scratch(folder) as target:
        report = run_protection(ctx, facts.file, target, order)
        require_unchanged(facts)
        body = events.protect_body(
            document=facts.document_id,
            title=facts.title,
            label=facts.label,
            method=report.method,
            algorithms=report.algorithms,
            listed=report.listed,
            reason="; ".join(f"{one.algorithm}: {one.reason}" for one in report.unlisted),
        )
        shown = HIDDEN_NAME if request.hide_name and method in HIDES_NAMES else facts.path.name
        final = folder / protected_name(shown, method)
        placed, event = place_new(ctx, target, final, events.PROTECT, body)
    row = DoneFile(
        path=str(facts.path),
        out=(str(placed),),
        method=report.method,
        meets=report.sentence,
        label=label_view(facts.label),
        notes=(*report.warnings, *_about_size(report.method, facts.size)),
    )
    return row, (event,)


def _about_size(method: str, size: int) -> tuple[str, ...]:
    """Say when the file is too large for the programs of others."""
    return ("cms.large",) if method == "cms" and size > _LARGEST_ELSEWHERE else ()


def safe_name(name: str) -> str:
    """Keep the last part of a name that comes out of a file; folders inside are flattened.

    Line ends and characters that turn the direction of writing become `_`: what comes out of an
    archive must not look like something else in a list.

    Raises `InvalidInput("file.outside")` for a name that is none.
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    if last in ("", ".", "..") or "\0" in last:
        raise InvalidInput("file.outside", name=plain(name))
    return plain(last)
