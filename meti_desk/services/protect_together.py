"""Several files in one protected one, under the label that is as strict as each (Arts. 6, 14-2)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO

from meti_desk.domain import events
from meti_desk.domain.errors import MetiDeskError
from meti_desk.domain.label import AnyLabel, Undecided, join
from meti_desk.formats.jobs import ProtectOrder, ProtectReport
from meti_desk.protection.registry import ENDINGS, get
from meti_desk.services.batch import NoProgress, of_os_error
from meti_desk.services.context import Context
from meti_desk.services.facts import opened, require_unchanged
from meti_desk.services.messages import Done, DoneFile, ProtectRequest
from meti_desk.services.ports import Progress
from meti_desk.services.protect import (
    RequestLock,
    check_protectable,
    failed,
    gathered,
    label_inside,
    protected_name,
    run_protection,
    safe_name,
)
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import label_view
from meti_desk.services.writing import place_new, record_only

_PIECE = 1 << 20


@dataclass(slots=True)
class _Gathering:
    """The files so far: one behind the other in `file`, their names inside all different."""

    file: BinaryIO
    names: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    documents: list[tuple[str, str, AnyLabel | None]] = field(default_factory=list)

    def label(self) -> AnyLabel | None:
        """Give the label that is as strict as each; none where no file has one."""
        own = [label for _, _, label in self.documents]
        if not any(own):
            return None
        return join(label or Undecided() for label in own)

    def add(self, ctx: Context, path: Path) -> None:
        """Look at a file and take its bytes; raises those of `check_protectable`."""
        with opened(ctx, path, QUICK) as facts:
            check_protectable(ctx, facts)
            facts.file.seek(0)
            begin = self.file.tell()
            copyfileobj(facts.file, self.file, _PIECE)
            require_unchanged(facts)
            self.sizes.append(self.file.tell() - begin)
            self.names.append(_free(facts.path.name, self.names))
            self.documents.append((facts.document_id, facts.title, facts.label))


def protect_together(
    ctx: Context, request: ProtectRequest, lock: RequestLock, progress: Progress | None = None
) -> Done:
    """Put all files into one of the name `together`: all of them, or none when one is refused.

    Half of what somebody means to send must not pass for the whole. Without a method it is
    `.metienc` for certificates and else a ZIP. Raises nothing: the rows tell.
    """
    folder = Path(request.out)
    method = get(request.method or ("metienc" if lock.certificates else "zip")).id
    watch, total = progress or NoProgress(), len(request.paths)
    with ctx.files.scratch(folder) as file, ctx.files.scratch(folder) as target:
        found = _Gathering(file)
        for number, path in enumerate(request.paths):
            watch.step(number, total, path)
            try:
                found.add(ctx, Path(path))
            except MetiDeskError as error:
                return gathered([failed(path, error)])
            except OSError as error:
                return gathered([failed(path, of_os_error(error))])
        file.flush()
        try:
            row, ids = _protected(ctx, request, lock, method, found, target)
        except MetiDeskError as error:
            return gathered([failed(request.together, error)])
    watch.step(total, total, request.together)
    return Done(files=(row,), events=ids)


def _protected(
    ctx: Context, request: ProtectRequest, lock: RequestLock, method: str, found: _Gathering,
    target: BinaryIO,
) -> tuple[DoneFile, tuple[str, ...]]:  # fmt: skip
    label = found.label()
    order = ProtectOrder(
        method=method,
        password=lock.password,
        names=tuple(found.names),
        sizes=tuple(found.sizes),
        certificates=lock.certificates,
        on=ctx.clock.now().date().isoformat(),
        label=label_inside(label),
        reason=request.reason_unlisted,
    )
    report = run_protection(ctx, found.file, target, order)
    name = safe_name(request.together)
    ending = ENDINGS.get(method, "")
    stem = name[: -len(ending)] if ending and name.lower().endswith(ending) else name
    final = Path(request.out) / protected_name(stem or name, method)
    placed, event = place_new(
        ctx, target, final, events.PROTECT, _body(report, "", final.name, label)
    )
    ids = [event]
    for document, title, own in found.documents:
        ids.append(record_only(ctx, events.PROTECT, _body(report, document, title, own)))
    row = DoneFile(
        path=request.together,
        out=(str(placed),),
        method=report.method,
        meets=report.sentence,
        label=label_view(label) if label else None,
        notes=report.warnings,
    )
    return row, tuple(ids)


def _body(
    report: ProtectReport, document: str, title: str, label: AnyLabel | None
) -> dict[str, object]:
    return events.protect_body(
        document=document,
        title=title,
        label=label,
        method=report.method,
        algorithms=report.algorithms,
        listed=report.listed,
        reason="; ".join(f"{one.algorithm}: {one.reason}" for one in report.unlisted),
    )


def _free(name: str, taken: Sequence[str]) -> str:
    """Name a file inside; a name that is there already, in any case, gets a number."""
    known = {one.casefold() for one in taken}
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, f".{ending}") if stem and dot else (name, "")
    number, free = 1, name
    while free.casefold() in known:
        number += 1
        free = f"{stem} ({number}){ending}"
    return free
