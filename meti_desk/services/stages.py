"""The stages through which one file goes: label and mark, scrub, protect.

Each stage reads the result of the one before from a nameless file, so that nothing in between ever
has a name on the disk.
"""

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from meti_desk.domain import stored_label
from meti_desk.domain.circumstances import Action
from meti_desk.domain.label import Label
from meti_desk.domain.marking import format_mark
from meti_desk.domain.measures import Measure, MeasureState
from meti_desk.formats.base import LabelOrder, LabelReport, Purpose, ScrubOrder, ScrubReport
from meti_desk.formats.jobs import ProtectOrder
from meti_desk.formats.sidecar import make_sidecar
from meti_desk.services.classify import new_identity, sealed_properties
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts, copy_source
from meti_desk.services.messages import HandleRequest
from meti_desk.services.ports import DocumentRecord
from meti_desk.services.protect import RequestLock, label_inside, method_for, run_protection

if TYPE_CHECKING:
    from meti_desk.services.signing import Pen
    from meti_desk.services.signing_handled import SignedInside


@dataclass(slots=True)
class Outcome:
    """The finished file, still without a name, and what was done to it."""

    file: BinaryIO
    scrubbed: ScrubReport = field(default_factory=ScrubReport)
    marked: bool = False
    method: str = ""
    meets: str = ""
    algorithms: tuple[str, ...] = ()
    unlisted: str = ""
    """Algorithms that are not listed, each with the reason (Art. 30-1)."""
    notes: tuple[str, ...] = ()
    record: DocumentRecord | None = None
    sidecar: bytes = b""
    signed: "SignedInside | None" = None


class Stages:
    """The way of one file; closing it lets go of everything in between."""

    def __init__(
        self,
        ctx: Context,
        request: HandleRequest,
        facts: Facts,
        label: Label,
        measures: tuple[Measure, ...],
        folder: Path,
        pen: "Pen | None" = None,
    ) -> None:
        self._ctx = ctx
        self._pen = pen
        self._request = request
        self._facts = facts
        self._label = label
        self._measures = {one.id: one for one in measures}
        self._folder = folder
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def run(self, lock: RequestLock) -> Outcome:
        """Go through the stages that the measures ask for; each is proven before the next."""
        outcome = Outcome(self._facts.file)
        if self._facts.embeds and not self._publishes:
            self._mark(outcome)
        if "remove-metadata" in self._measures:
            self._scrub(outcome)
        if self._done("password") or self._done("encryption"):
            self._protect(outcome, lock)
        if self._pen is not None and self._done("signature"):
            self._sign(self._pen, outcome)
        if outcome.file is self._facts.file:
            self._copy(outcome)
        return outcome

    @property
    def _publishes(self) -> bool:
        return self._request.plan.action == Action.PUBLISH.value

    def _done(self, measure: str) -> bool:
        found = self._measures.get(measure)
        return found is not None and found.state is MeasureState.DONE

    def _next(self) -> BinaryIO:
        return self._stack.enter_context(self._ctx.files.scratch(self._folder))

    def _mark(self, outcome: Outcome) -> None:
        target = self._next()
        order = LabelOrder(
            self._properties(outcome), format_mark(self._label, self._ctx.policy.marks.texts)
        )
        report = self._ctx.workers.run(
            "label", order, {"source": outcome.file, "target": target}, LabelReport
        )
        outcome.marked = report.marked > 0
        skipped = (f"{page.code}:{page.page}" for page in report.skipped)
        outcome.notes = (*outcome.notes, *report.notes, *skipped)
        outcome.file = target

    def _properties(self, outcome: Outcome) -> dict[str, str]:
        """Give label and handling; id and seal stay in the ministry (Art. 14-7)."""
        if "remove-metadata" in self._measures:
            return stored_label.to_properties(self._label)
        facts, ctx = self._facts, self._ctx
        document, more = new_identity(ctx, facts, copy=True)
        outcome.record = DocumentRecord(
            id=document,
            title=facts.title,
            path="",
            file_hash="",
            digest=facts.inspection.digest,
            label=stored_label.label_text(self._label),
            handling=stored_label.handling_text(self._label),
            decided_by=facts.record.decided_by if facts.record else self._label.decision.by,
            decided_at=facts.record.decided_at if facts.record else self._label.decision.at,
            sources=more,
        )
        return sealed_properties(ctx, self._label, document, facts.inspection.digest)

    def _scrub(self, outcome: Outcome) -> None:
        purpose: Purpose = "publish" if self._publishes else "provide"
        order = ScrubOrder(purpose, self._request.keep, self._request.revisions)
        target = self._next()
        outcome.scrubbed = self._ctx.workers.run(
            "scrub", order, {"source": outcome.file, "target": target}, ScrubReport
        )
        outcome.file = target

    def _protect(self, outcome: Outcome, lock: RequestLock) -> None:
        method = method_for(
            self._ctx, self._facts, lock, self._request.method,
            label=self._label, encrypt=self._done("encryption"),
        )  # fmt: skip
        target = self._next()
        order = ProtectOrder(
            method=method,
            password=lock.password,
            name=self._facts.path.name,
            certificates=lock.certificates,
            on=self._ctx.clock.now().date().isoformat(),
            label=label_inside(self._label),
            document=self._document(outcome),
            reason=self._request.reason_unlisted.strip(),
        )
        report = run_protection(self._ctx, outcome.file, target, order)
        outcome.method, outcome.meets = report.method, report.sentence
        outcome.algorithms = report.algorithms
        outcome.unlisted = "; ".join(f"{one.algorithm}: {one.reason}" for one in report.unlisted)
        outcome.notes = (*outcome.notes, *report.warnings)
        outcome.file = target

    def _document(self, outcome: Outcome) -> str:
        """Name the document to the format that binds it; what leaves tells no id (Art. 14-7)."""
        if outcome.record is not None:
            return outcome.record.id
        leaves = self._publishes or "remove-metadata" in self._measures
        return "" if leaves else self._facts.document_id

    def _sign(self, pen: "Pen", outcome: Outcome) -> None:
        """Sign a PDF inside (Art. 14-3); any other file is signed beside, once it has its name."""
        from meti_desk.services.signing_handled import inside

        outcome.signed = inside(pen, self._facts, outcome.file, outcome.method, self._next)
        if outcome.signed is not None:
            outcome.file = outcome.signed.file

    def _copy(self, outcome: Outcome) -> None:
        """Copy what goes through no stage, so that even then the original is not what is named.

        A file that cannot carry its label inside takes it along beside itself, unless it leaves.
        """
        target = self._next()
        copy_source(self._facts, target)
        outcome.file = target
        leaves = self._publishes or "remove-metadata" in self._measures
        if not self._facts.embeds and not leaves:
            outcome.sidecar = make_sidecar(self._facts.file_hash, self._properties(outcome))
