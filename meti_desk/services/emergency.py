"""An emergency of cryptography as a use case: mark, list, protect anew, remove (Art. 30-2).

The old copy stays until the person has confirmed that it may go: a new one that nobody can open
would be worse than an old one that somebody might.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from meti_desk.domain import events
from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.domain.events_crypto import CRYPTO, REPLACES, removed_body
from meti_desk.formats.base import Inspection, Wants
from meti_desk.formats.jobs import OpenOrder, OpenReport, ProtectOrder
from meti_desk.protection.registry import METHODS, allow
from meti_desk.services import emergency_files, emergency_marks
from meti_desk.services.batch import each
from meti_desk.services.context import Context
from meti_desk.services.emergency_files import lies_there
from meti_desk.services.emergency_messages import (
    Affected,
    AffectedFile,
    AlgorithmRow,
    RemovedCopy,
    ReprotectRequest,
)
from meti_desk.services.giving import write_slip
from meti_desk.services.messages import Done, DoneFile
from meti_desk.services.ports import Progress
from meti_desk.services.protect import (
    password_for,
    protected_name,
    run_protection,
    safe_name,
)
from meti_desk.services.views import error_view
from meti_desk.services.writing import place_new, record_only

_KNOWN = Wants(findings=False, digest=False)
_KEPT = (events.DOCUMENT, events.LABEL, events.RECIPIENTS)


class Emergency:
    """The table of algorithms and what follows from a mark in it; methods block."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def algorithms(self) -> tuple[AlgorithmRow, ...]:
        """Give the table with its marks and how many protected files rest on each row."""
        table = self._ctx.table()
        counts = emergency_files.counted(self._ctx, table)
        by_notice = {one.id for one in emergency_marks.marks(self._ctx) if one.by_notice}
        return tuple(
            AlgorithmRow(
                id=row.id,
                name=row.name,
                category=row.category,
                state=table.state(row.id),
                since=row.compromised_since,
                reference=row.compromised_reference,
                by_notice=row.id in by_notice,
                used=counts.get(row.id, 0),
            )
            for row in table.algorithm
        )

    def mark(self, ids: Sequence[str], reference: str, *, since: str = "") -> Affected:
        """Mark algorithms 危殆化 and tell what that concerns here."""
        emergency_marks.mark(self._ctx, ids, reference, since=since)
        return self.affected()

    def lift(self, ids: Sequence[str], reference: str) -> None:
        """Take marks back that were set here (`crypto.marked-by-notice`)."""
        emergency_marks.lift(self._ctx, ids, reference)

    def take_notice(self, path: str) -> Affected:
        """Take over a signed notice of the office (`NAME` with its signature `NAME.p7s`).

        Raises `RuleViolation("crypto.notice-unsigned")` unless an intact signature of a signer whom
        the policy names stands beside it, and the errors of `emergency_marks.take_notice`.
        """
        from meti_desk.services.emergency_notice import verified

        emergency_marks.take_notice(self._ctx, verified(self._ctx, Path(path)))
        return self.affected()

    def affected(self) -> Affected:
        """List the files and keys that rest on what is compromised now."""
        table = self._ctx.table()
        return Affected(
            files=emergency_files.files(self._ctx, table),
            keys=emergency_files.keys(self._ctx, table),
        )

    def reprotect(self, request: ReprotectRequest, progress: Progress | None = None) -> Done:
        """Protect files anew beside the old ones; one that fails stops no other.

        Errors of a file: `open.wrong-password`, `reprotect.gone`, `reprotect.changed`,
        `reprotect.several` (an archive of several files), `crypto.no-method`.
        """
        waiting = self._chosen(request.ids)
        password = password_for(self._ctx, request.new_password)
        by_id = {one.id: one for one in waiting}
        bodies = {one.id: one.data() for one in emergency_files.protections(self._ctx)}

        def one(key: Path) -> DoneFile:
            old = by_id[str(key)]
            return _anew(self._ctx, old, bodies[old.id], request, password)

        def failed(key: str, error: MetiDeskError) -> DoneFile:
            return DoneFile(path=by_id[key].path or by_id[key].title, error=error_view(error))

        rows = tuple(each(tuple(by_id), one, failed, progress))
        made = [Path(out) for row in rows for out in row.out]
        slip = ""
        if made and not request.new_password:
            names = [out.name for out in made]
            slip = write_slip(self._ctx, made[0].parent, names, password)
        return Done(files=rows, events=(), password=password, password_slip=slip)

    def remove_old(self, ids: Sequence[str] = ()) -> tuple[RemovedCopy, ...]:
        """Remove the old copies of files that were protected anew and lie where they did.

        To be called when the person has confirmed it. A copy whose bytes are not those that were
        recorded stays (`reprotect.changed`).
        """
        rows = [one for one in self.affected().files if one.state == "replaced"]
        wanted = [one for one in rows if not ids or one.id in ids]
        done = [self._remove(one) for one in wanted]
        gone = [(one, old) for one, old in zip(done, wanted, strict=True) if one.error is None]
        if gone:
            body = removed_body(
                events=[one.id for one, _ in gone], titles=[old.title for _, old in gone]
            )
            record_only(self._ctx, CRYPTO, body)
        return tuple(done)

    def _remove(self, old: AffectedFile) -> RemovedCopy:
        try:
            if lies_there(self._ctx, old.replaced_by, old.replaced_sha256) != "waiting":
                raise InvalidInput("reprotect.new-gone", path=old.replaced_by)
            gone = not Path(old.path).exists()
            if not gone and not self._ctx.files.remove(Path(old.path), old.sha256):
                raise InvalidInput("reprotect.changed", path=old.path)
        except MetiDeskError as error:
            return RemovedCopy(id=old.id, path=old.path, error=error_view(error))
        return RemovedCopy(id=old.id, path=old.path)

    def _chosen(self, ids: Sequence[str]) -> tuple[AffectedFile, ...]:
        rows = self.affected().files
        if not ids:
            return tuple(one for one in rows if one.state == "waiting")
        known = {one.id: one for one in rows}
        for one in ids:
            if one not in known:
                raise InvalidInput("reprotect.unknown", id=one[:64])
        return tuple(known[one] for one in ids)


def _anew(
    ctx: Context,
    old: AffectedFile,
    before: Mapping[str, object],
    request: ReprotectRequest,
    password: str,
) -> DoneFile:
    """Protect one file anew; document, label and recipients stay those of the event `before`."""
    if old.state != "waiting":
        code = (
            "reprotect.done" if old.state in ("replaced", "removed") else f"reprotect.{old.state}"
        )
        raise InvalidInput(code, path=old.path or old.title)
    path = Path(old.path)
    with ctx.files.open_source(path) as source, ctx.files.scratch(path.parent) as plain:
        name, label = _open(ctx, source, plain, request.password)
        name = name or _inner_name(path, old.method)
        inside = ctx.workers.run("inspect", _KNOWN, {"source": plain}, Inspection)
        size = plain.seek(0, 2)
        method = request.method or _method(ctx, inside.format, size)
        order = ProtectOrder(method=method, password=password, name=name, label=label)
        with ctx.files.scratch(path.parent) as target:
            report = run_protection(ctx, plain, target, order)
            body = {
                **events.protect_body(
                    document="",
                    title=old.title,
                    label=None,
                    method=report.method,
                    algorithms=report.algorithms,
                    listed=report.listed,
                ),
                **{name: before[name] for name in _KEPT if name in before},
                REPLACES: old.id,
            }
            final = path.parent / protected_name(name, method)
            placed, _event = place_new(ctx, target, final, events.PROTECT, body)
    return DoneFile(
        path=str(path), out=(str(placed),), method=report.method, meets=report.sentence,
        notes=report.warnings,
    )  # fmt: skip


def _open(ctx: Context, source: BinaryIO, plain: BinaryIO, password: str) -> tuple[str, str]:
    """Open the one file inside; gives its name, and the label that travels beside it."""
    order = OpenOrder(password=password)
    inside = ctx.workers.run("contents", order, {"source": source}, OpenReport)
    if len(inside.names) != 1:
        raise InvalidInput("reprotect.several", count=len(inside.names))
    ctx.workers.run("open", order, {"source": source, "target": plain}, OpenReport)
    label = inside.labels[0] if inside.labels else ""
    return safe_name(inside.names[0]) if inside.names[0] else "", label


def _inner_name(path: Path, method: str) -> str:
    """Name what lies inside when the file does not: its own name without the method's ending."""
    from meti_desk.protection.registry import ENDINGS

    return path.name.removesuffix(ENDINGS.get(method, "")) or path.name


def _method(ctx: Context, variant: str, size: int) -> str:
    """Choose the first method for a password that suits and that no emergency concerns."""
    for name in _candidates(variant, size):
        try:
            allow(name, table=ctx.table())
        except RuleViolation:
            continue
        return name
    raise RuleViolation("crypto.no-method", articles=("30-2",), format=variant)


def _candidates(variant: str, size: int) -> Iterator[str]:
    return (name for name, method in METHODS.items() if method.suits(variant, size))
