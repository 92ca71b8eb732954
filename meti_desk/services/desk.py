"""The desk: every use case behind one object, for window and command line alike.

Each use case is imported when it is first asked for: `inspect` must not wait for the self-check.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from meti_desk.domain.errors import MetiDeskError
from meti_desk.services.areas import Areas
from meti_desk.services.messages import (
    ClassifyRequest,
    Done,
    HandleRequest,
    HomeView,
    InspectedFile,
    LedgerRow,
    LineageView,
    OpenRequest,
    Person,
    PlannedFile,
    PlanRequest,
    ProtectRequest,
    RestrictionOffer,
    ScrubRequest,
    SuggestedFile,
    Watched,
)

if TYPE_CHECKING:
    from meti_desk.domain.records import ChainState
    from meti_desk.formats.base import Purpose
    from meti_desk.services.convert import ConvertRequest
    from meti_desk.services.ports import Progress
    from meti_desk.services.preview_messages import PageView, ScrubPreview
    from meti_desk.services.redaction_messages import RedactionPreview, RedactRequest

PLACE, PLACE_DAY = "place", "place.day"
INSIDE, OUTSIDE = "inside", "outside"
_MANY = 8
"""Files from which on it pays to load ahead: for one or two it would only be in the way."""

Health = tuple[tuple[str, bool, str], ...]


class Desk(Areas):
    """All use cases. Methods block and may be called from any thread.

    `look` holds the settings that are readable while the store is locked: appearance, language.
    Every method that needs the store raises `EnvironmentProblem("store.locked")` without it.
    """

    # ---- documents

    def files_in(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Give the files that are named and all that lie in the folders that are named."""
        from meti_desk.services.folders import listed

        return tuple(one.path for one in listed(paths))

    def inspect(
        self,
        paths: Sequence[str],
        progress: "Progress | None" = None,
        purpose: "Purpose" = "provide",
    ) -> tuple[InspectedFile, ...]:
        """Tell what files are and hold; works while locked."""
        from meti_desk.services import inspect

        return inspect.inspect(self._ctx, paths, progress, purpose)

    def suggest(
        self, paths: Sequence[str], sources: Sequence[str] = (), progress: "Progress | None" = None
    ) -> tuple[SuggestedFile, ...]:
        """Propose labels with their evidence."""
        from meti_desk.services import suggest

        return suggest.suggest(self._ctx, paths, sources, progress)

    def restrictions(self) -> tuple[RestrictionOffer, ...]:
        """Give the 取扱制限 that are offered, as the policy lists them."""
        return tuple(
            RestrictionOffer(entry.name, str(entry.serves), entry.strength)
            for entry in self._ctx.policy.restrictions
        )

    def expect(self, paths: Sequence[str]) -> None:
        """Make ready for many files while the person still types, or the key is derived."""
        if len(paths) >= _MANY:
            from meti_desk.formats.registry import expected

            with suppress(MetiDeskError, OSError):  # what cannot start is told when it is needed
                self._ctx.workers.warm(expected(paths))

    def preview_mark(self, request: ClassifyRequest) -> str:
        """Give the mark as it will stand in the document (Art. 5)."""
        from meti_desk.services import classify

        return classify.preview_mark(self._ctx, request)

    def classify(self, request: ClassifyRequest, progress: "Progress | None" = None) -> Done:
        """Decide, mark, seal, record."""
        from meti_desk.services import classify

        return classify.classify(self._ctx, request, progress)

    def consult(self, path: str, reason: str, proposed: ClassifyRequest) -> Done:
        """Draft the 相談 about a label that somebody else decided (Art. 7-1).

        `proposed` holds the label that is asked for; letter and mail go to its `out`, or beside
        the document. `Done.letter` and `Done.mail` name them.
        """
        from meti_desk.services import consult

        return consult.consult(self._ctx, path, reason, proposed)

    def descendants_notice(self, document_id: str, out: str) -> Done:
        """Draft the 周知 of a changed label to all who hold it or what was made of it (Art. 7-2).

        `document_id` may also be the path of the document. The drafts lie in `out`; the row's
        notes tell for how many documents and recipients (`notice.descendants:3`).
        """
        from meti_desk.services import notice

        return notice.notice(self._ctx, document_id, Path(out))

    def scrub(self, request: ScrubRequest, progress: "Progress | None" = None) -> Done:
        """Remove 付加情報."""
        from meti_desk.services import scrub

        return scrub.scrub(self._ctx, request, progress)

    def convert(self, request: "ConvertRequest", progress: "Progress | None" = None) -> Done:
        """Convert old documents to formats that can be scrubbed (decision 018)."""
        from meti_desk.services import convert

        return convert.convert(self._ctx, request, progress)

    def scrub_preview(self, request: ScrubRequest) -> "ScrubPreview":
        """Try a removal on one document, tell what it gives and keep nothing of it."""
        from meti_desk.services import preview

        return preview.scrub_preview(self._ctx, request)

    def page_view(self, path: str, page: int = 1) -> "PageView | None":
        """Draw a page of a document; `None` where there is no picture of it."""
        from meti_desk.services import preview

        return preview.page_view(self._ctx, path, page)

    def redaction_preview(
        self, request: "RedactRequest", progress: "Progress | None" = None
    ) -> "tuple[RedactionPreview, ...]":
        """Tell what a redaction would make black; writes nothing and works while locked."""
        from meti_desk.services import redact

        return redact.preview(self._ctx, request, progress)

    def word_lists(self) -> tuple[tuple[str, str], ...]:
        """Name the word lists of the policy as detectors of a redaction: id and title."""
        return tuple((f"word.{one.id}", one.title) for one in self._ctx.policy.clue_words)

    def redact(self, request: "RedactRequest", progress: "Progress | None" = None) -> Done:
        """Take words, areas and personal data out of copies (墨消し)."""
        from meti_desk.services import redact

        return redact.redact(self._ctx, request, progress)

    def protect(self, request: ProtectRequest, progress: "Progress | None" = None) -> Done:
        """Protect with a password."""
        from meti_desk.services import protect

        return protect.protect(self._ctx, request, progress)

    def open(self, request: OpenRequest, progress: "Progress | None" = None) -> Done:
        """Take a protected file out again, by password or own key."""
        from meti_desk.services import opening

        return opening.open_files(self._ctx, request, progress)

    def plan(self, request: PlanRequest) -> tuple[PlannedFile, ...]:
        """Give the measures that an action needs now."""
        from meti_desk.services import plan

        return plan.plan(self._ctx, request)

    def handle(self, request: HandleRequest, progress: "Progress | None" = None) -> Done:
        """Carry a plan out."""
        from meti_desk.services import handle

        return handle.handle(self._ctx, request, progress)

    # ---- records

    def home(self) -> HomeView:
        """Give what is due and what was handled last."""
        from meti_desk.services.home import home

        return home(self._ctx)

    def ledger(self, words: str = "", limit: int = 100) -> tuple[LedgerRow, ...]:
        """Give entries of 取扱記録 that contain the words, newest first."""
        from meti_desk.services import records

        return records.listed(self._ctx, words, limit)

    def lineage(self, document: str) -> LineageView:
        """Give sources and descendants of a document, named by its id or its path (Art. 6)."""
        from meti_desk.services import lineage

        return lineage.lineage(self._ctx, document)

    def verify_ledger(self) -> "ChainState":
        """Recompute the chain of 取扱記録."""
        return self._ctx.open_store().ledger.verify()

    def export_ledger(self, path: str) -> str:
        """Write 取扱記録 as CSV; gives its name, which has a number where `path` was taken."""
        from meti_desk.services import records

        return str(records.export(self._ctx, Path(path)))

    # ---- sources

    def catch_up(self, progress: "Progress | None" = None) -> int:
        """Read what was labelled or seen and not read yet, so that it is found as a source.

        To be called when nobody waits; gives how many documents are still unread (Art. 6).
        """
        from meti_desk.services import remembering

        return remembering.catch_up(self._ctx, progress)

    def ignore_passage(self, text: str) -> None:
        """Take a passage for 定型文: it names no source from now on."""
        from meti_desk.services import sources

        sources.ignore(self._ctx, text)

    # ---- watched folders

    def watched(self) -> tuple[Watched, ...]:
        """Give the folders in which new documents are noticed."""
        from meti_desk.services import watch

        return watch.watched(self._ctx)

    def watch(self, folder: str) -> None:
        """Notice new documents in a folder from now on."""
        from meti_desk.services import watch

        watch.watch(self._ctx, folder)

    def unwatch(self, folder: str) -> None:
        """Notice them no longer."""
        from meti_desk.services import watch

        watch.unwatch(self._ctx, folder)

    def look_around(self) -> int:
        """Look at what is new in the watched folders; gives how many documents wait (要決定)."""
        from meti_desk.services import watch

        return watch.look_around(self._ctx)

    def mark_published(self, paths: Sequence[str]) -> None:
        """Note that files hold what is already published (公表済み): they wait for nothing."""
        from meti_desk.services import public, watch

        public.mark_published(self._ctx, paths)
        watch.forget(self._ctx, tuple(paths))

    # ---- settings

    def person(self) -> Person:
        """Tell who works here."""
        return self._ctx.person()

    def set_person(self, person: Person) -> None:
        """Change who works here, from now on."""
        self._ctx.set_person(person)

    def setting(self, key: str, default: str = "") -> str:
        """Read a setting of appearance or behaviour; readable while locked."""
        return self._look.get(key, default)

    def put_setting(self, key: str, value: str) -> None:
        """Keep a setting durably."""
        self._look.put(key, value)

    def doctor(self) -> Health:
        """Check the set-up: code, whether it is well, and a detail."""
        from meti_desk.services import published

        layers = self._ctx.workers.layers()
        found = [
            ("worker.landlock", layers.landlock > 0, str(layers.landlock)),
            ("worker.seccomp", layers.seccomp, ""),
            ("worker.limits", layers.limits, ""),
            ("worker.network", layers.network_denied, ""),
            ("worker.escapes", not layers.escapes, ", ".join(layers.escapes)),
        ]
        found += self._vault.health()
        unconfirmed = [d.level for d in self._ctx.policy.definitions if not d.confirmed]
        found.append(("policy.confirmed", not unconfirmed, ", ".join(unconfirmed)))
        found += published.health(self._ctx)
        checked = self._ctx.table().source.checked_by_person
        found.append(("crypto.checked", checked, self._ctx.table().source.list_revision))
        return tuple(found)

    def stored(self) -> tuple[tuple[str, str], ...]:
        """Tell what this program keeps on this device: code and place."""
        return tuple(self._vault.places().items())
