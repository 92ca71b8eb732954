"""A desk in memory: answers as the services would, with believable data, and remembers orders."""

import json
from collections.abc import Mapping
from pathlib import Path
from threading import Event  # noqa: TC003 - a plain import reads better in a fake
from types import MappingProxyType

from msgspec.structs import replace

from meti_desk.domain.errors import (
    EnvironmentProblem,
    InvalidInput,
    MetiDeskError,
    RuleViolation,
)
from meti_desk.formats.base import Finding, MarkFound, Purpose, Removed
from meti_desk.services.messages import (
    ClassifyRequest,
    Done,
    DoneFile,
    ErrorView,
    Evidence,
    FoundPassage,
    FoundSource,
    HandleRequest,
    HomeView,
    InspectedFile,
    LabelView,
    LedgerRow,
    LineageNode,
    LineageView,
    Person,
    PlannedFile,
    PlannedMeasure,
    PlanRequest,
    RestrictionOffer,
    ScrubRequest,
    SourceView,
    State,
    StoreState,
    SuggestedFile,
    ToDecide,
    Watched,
)
from meti_desk.services.permit_messages import HomePermits
from meti_desk.services.ports import ChainState, Progress
from meti_desk.services.preview_messages import PageView, ScrubPreview
from meti_desk.services.redaction_messages import (
    RedactionArea,
    RedactionPlace,
    RedactionPreview,
    RedactRequest,
)
from tests.ui.fake_checks import FakeChecks
from tests.ui.fake_emergency import FakeEmergency
from tests.ui.fake_keys import FakeStoreKeys
from tests.ui.fake_permits import FakePermits
from tests.ui.fake_recipients import FakeOwnKey, FakeProtecting, FakeRecipients
from tests.ui.fake_register import FakeRegister
from tests.ui.fake_reviews import FakeReviews
from tests.ui.fake_signing import FakeSignatures
from tests.ui.fake_splits import FakePasswords, FakeSplits
from tests.ui.fake_sync import FakeSyncing

PASSPHRASE = "坂道 黒板 七夕 灯台 若葉"
C2 = LabelView(c=2, i=1, a=1, restrictions=("複製禁止",), audience=("審査委員",), decided=True)
NAMES = ("補助金審査_結果案.docx", "審査委員_意見.pdf", "採点表.docx")
FOLDER = "/home/sato/文書/補助金"
MANY = 20
OTHERS = "label.decided-by-other"
NOON = "2026-11-23T12:00:00+09:00"
SOURCE = SourceView("doc-1", "令和7年度_審査要領.docx", C2)

FOUND = FoundSource(
    id="doc-7",
    title="令和7年度_評価の観点.docx",
    path=f"{FOLDER}/令和7年度_評価の観点.docx",
    kind="passage",
    covered=0.18,
    label=LabelView(c=2, i=1, a=1, decided=True),
    passages=(
        FoundPassage(
            text="採点は、事業の新規性、実現の可能性及び費用の妥当性の三つの観点から行い、"
            "評価の根拠を必ず書く。",
            length=44,
            place="page 3",
            source_place="page 4",
        ),
    ),
)

STAYS = ("kept", "blocks")
"""What is left by a removal for 提供, whatever the person chooses."""
FINDINGS = {
    "docx": (
        Finding("docx.revision", 1, "high", "body", "高橋 次郎: 採択としない", 9, "accepted"),
        Finding("docx.revision", 1, "high", "footnote 2", "高橋 次郎", 3, "accepted"),
        Finding("docx.comment", 2, "high", "body", "山田: ここは公表しない", 3),
        Finding("docx.author", 15, "high", "properties", "佐藤 花子", 1),
    ),
    "pdf": (
        Finding("pdf.covered-text", 10, "high", "page 3", "03-3501-1511", 1, "blocks"),
        Finding("pdf.attachment", 11, "high", "page 1", "採点表.xlsx", 1),
        Finding("pdf.annotation", 11, "high", "page 2", "山田: 数字を確かめる", 2, "replaced"),
        Finding("pdf.xmp", 15, "medium", "CreateDate", "2026-11-20T09:12:00+09:00", 1),
        Finding("pdf.info", 15, "high", "Author", "佐藤 花子", 1),
    ),
    "xlsx": (
        Finding("xlsx.hidden-sheet-used", 4, "high", "sheet 内訳", "内訳!A1:F40", 1, "blocks"),
        Finding("xlsx.image-unchecked", 12, "low", "media", "image1.emf", 1, "kept"),
    ),
}
"""What the fake desk finds, by the end of the name."""
PUBLISHING = (
    Finding("docx.hidden-text", 10, "high", "body", "担当者の意見", 2, "blocks"),
    *FINDINGS["docx"],
)
"""What stops publishing a document that may be provided."""


def _stops(path: str, purpose: Purpose) -> bool:
    return purpose == "publish" and path.endswith("人事.docx")


def _left(one: Finding) -> Finding:
    return one if one.removal in STAYS else replace(one, removal="kept")


def _places(request: RedactRequest, path: str) -> tuple[RedactionPlace, ...]:
    """Find every word once on page 1, every detector twice on page 2, and the areas in a PDF."""
    paper = path.endswith(".pdf")
    found = [
        RedactionPlace(
            place="page 1" if paper else "body",
            reason="word",
            text=word,
            boxes=(RedactionArea(1, 90, 90 + 48 * at, 200, 16),) if paper else (),
        )
        for at, word in enumerate(request.words)
    ]
    found += [
        RedactionPlace(
            place="page 2" if paper else "body", reason=one, text="03-****-1511", count=2
        )
        for one in request.detectors
    ]
    found += [
        RedactionPlace(place=f"page {one.page}", reason="area", boxes=(one,))
        for one in request.areas
        if paper
    ]
    return tuple(found)


def page_of_lines() -> PageView:
    """Draw a page with a few grey lines."""
    wide, high = 300, 424
    white, grey = b"\xff" * 3, b"\x99" * 3
    inside = white * 30 + grey * (wide - 60) + white * 30
    rows = (inside if at % 24 > 16 and 40 < at < high - 60 else white * wide for at in range(high))
    return PageView(wide, high, b"".join(rows), 6, 595, 842)


def label(level: int | None) -> LabelView:
    """Give a plain label of a level."""
    return LabelView(c=level, i=1, a=1, decided=level is not None)


class FakeDesk(FakeProtecting):
    """What the window may ask for, kept in lists."""

    unwilling: Mapping[str, ErrorView] = MappingProxyType({})
    """Documents that get no label, and why."""
    stands: LabelView | None = None
    """The label that every document has already."""

    def __init__(self, state: StoreState = "open") -> None:
        self.held: StoreState = state
        self.failed = 0
        self.emergency = FakeEmergency()
        self.syncing = FakeSyncing()
        self.permits = FakePermits()
        self.reminded = HomePermits()
        self.reviews = FakeReviews()
        self.register = FakeRegister()
        self.store_keys = FakeStoreKeys(lambda: self.passphrase, self._set_passphrase)
        self.passphrase = PASSPHRASE
        self.who = Person("佐藤 花子", "係長", "商務情報政策局 総務課", "sato-hanako@meti.go.jp")
        self.kept: dict[str, str] = {}
        self.selfcheck = FakeChecks()
        self.signatures = FakeSignatures()
        self.splits = FakeSplits()
        self.passwords = FakePasswords()
        super().__init__()
        self.recipients = FakeRecipients()
        self.own_key = FakeOwnKey()
        self.ending: tuple[tuple[str, str, int], ...] = ()
        self.handled: list[HandleRequest] = []
        self.classified: list[ClassifyRequest] = []
        self.planned: list[PlanRequest] = []
        self.failing: MetiDeskError | None = None
        self.gate: Event | None = None
        """While set and not released, `handle` and `classify` wait: work that takes long."""
        self.intact = True
        self.ring = True
        self.exported: list[str] = []
        self.consulted: list[tuple[str, str, ClassifyRequest]] = []
        self.said: tuple[Evidence, ...] = ()
        self.suggested: list[tuple[str, ...]] = []
        self.labelled: frozenset[str] = frozenset()
        self.folders: dict[str, list[str]] = {}
        self.watching: list[str] = []
        self.noticed: list[tuple[str, str]] = []
        self.notes: tuple[str, ...] = ("access.open-to-everyone",)
        self.looked = 0
        self.caught_up = 0
        self.ignored: list[str] = []
        self.waiting: list[str] = []
        self.published: tuple[str, ...] = ()
        self.scrubbed: list[ScrubRequest] = []
        self.previewed: list[RedactRequest] = []
        self.redacted: list[RedactRequest] = []
        self.tried: list[ScrubRequest] = []
        self.backed_up = 0
        self.inspected: list[tuple[Purpose, tuple[str, ...]]] = []
        self.found: tuple[Finding, ...] | None = None

    def state(self) -> StoreState:
        return self.held

    def keyring_ready(self) -> bool:
        return self.ring

    def has_keyring(self) -> bool:
        return self.ring

    def create(self, passphrase: str, person: Person, *, use_keyring: bool) -> None:
        self.passphrase, self.who, self.held = passphrase, person, "open"
        self.kept["keyring"] = "yes" if use_keyring else "no"

    def declare_place(self, *, inside: bool) -> None:
        self.kept["place"] = "inside" if inside else "outside"

    def unlock(self, passphrase: str, *, inside: bool = False) -> None:
        if not passphrase and not inside:
            raise RuleViolation("store.keyring-outside")
        if passphrase not in {"", self.passphrase}:
            raise EnvironmentProblem("store.wrong-passphrase")
        self.held = "open"

    def lock(self) -> None:
        self.held = "locked"

    def _set_passphrase(self, new: str) -> None:
        self.passphrase, self.held = new, "open"

    def failed_before(self) -> int:
        return self.failed

    def home(self) -> HomeView:
        recent = (
            ("政策懇談会_論点.docx", 2),
            ("人事異動案.xlsx", 3),
            ("統計公表資料.pdf", 1),
            ("委託先名簿.docx", 2),
            ("会議室予約.txt", 1),
        )
        view, waits = self.selfcheck.show(), self.waiting
        return HomeView(
            person=self.who.name,
            recent=tuple((f"{FOLDER}/{name}", name, label(c)) for name, c in recent),
            selfcheck_title=view.title,
            selfcheck_answered=view.answered,
            selfcheck_total=view.applicable,
            selfcheck_due=view.deadline,
            unconfirmed_permits=2,
            permit_events=("ev-3", "ev-5"),
            unconfirmed_consultations=1,
            consultation_events=("ev-2",),
            undecided=len(waits) or 7,
            ending=self.ending,
            permits=self.reminded,
            to_decide=tuple(ToDecide(path=p, title=Path(p).name, seen_at=NOON) for p in waits),
        )

    def inspect(
        self, paths: tuple[str, ...], progress: Progress, purpose: Purpose = "provide"
    ) -> tuple[InspectedFile, ...]:
        self.inspected.append((purpose, paths))
        progress.step(len(paths), len(paths), paths[-1])
        return tuple(
            InspectedFile(
                path=path,
                format=Path(path).suffix[1:],
                findings=PUBLISHING if _stops(path, purpose) else self._findings(path),
                marks=(MarkFound("機密性2情報", "header"),),
                sources=(SOURCE,),
                sources_known=True,
                pages=6,
                label=C2 if path in self.labelled else self.stands,
            )
            for path in paths
        )

    def suggest(
        self, paths: tuple[str, ...], sources: tuple[str, ...], progress: Progress
    ) -> tuple[SuggestedFile, ...]:
        if self.failing is not None:
            raise self.failing
        self.suggested.append(sources)
        progress.step(len(paths), len(paths), paths[-1])
        proposal = LabelView(c=2, restrictions=("複製禁止",), audience=("審査委員",), decided=False)
        evidence = (
            Evidence("c", "2", "source", "令和7年度_審査要領.docx"),
            Evidence("restriction", "複製禁止", "source", "令和7年度_審査要領.docx"),
            Evidence("c", "2", "mark", "機密性２情報", "header"),
            Evidence("i", "1", "mark", "機密性２情報", "header"),
            Evidence("c", "2", "detector", "phone", "page 2", "03-****-1511", 4),
        )
        return tuple(
            SuggestedFile(
                path=path,
                format=Path(path).suffix[1:],
                label=proposal,
                evidence=self.said or evidence,
                sources=() if self.ignored else (FOUND,),
            )
            for path in paths
        )

    def restrictions(self) -> tuple[RestrictionOffer, ...]:
        names = (
            "複製禁止",
            "配付禁止",
            "印刷禁止",
            "転送禁止",
            "転記禁止",
            "暗号化必須",
            "複製要許可",
            "配付要許可",
            "印刷要許可",
            "再利用禁止",
            "送信禁止",
            "書換禁止",
            "○○限り",
            "○月○日まで保存",
            "○時間以内復旧",
        )
        return tuple(RestrictionOffer(name, "confidentiality", "forbidden") for name in names)

    def preview_mark(self, request: ClassifyRequest) -> str:
        parts = [*request.restrictions, *(f"{who}限り" for who in request.audience)]
        head = f"機密性{request.c}情報（完全性{request.i}・可用性{request.a}）"
        return "　".join(filter(None, (head, "・".join(parts))))

    def classify(self, request: ClassifyRequest, progress: Progress) -> Done:
        self.classified.append(request)
        if len(request.paths) > MANY:
            return self._many(request, progress)
        self._work(request.paths, progress)
        given = LabelView(
            request.c, request.i, request.a, request.restrictions, request.audience, decided=True
        )
        rows = (
            DoneFile(path=p, error=self.unwilling[p])
            if p in self.unwilling
            else DoneFile(path=p, out=(p,), label=given)
            for p in request.paths
        )
        return Done(files=tuple(rows))

    def _many(self, request: ClassifyRequest, progress: Progress) -> Done:
        """Answer as a run over a folder does: a row for each file, also for those left undone."""
        given = LabelView(request.c, request.i, request.a, request.restrictions, decided=True)
        rows: list[DoneFile] = []
        for at, path in enumerate(request.paths):
            progress.step(at, len(request.paths), path)
            while self.gate is not None and at and not progress.cancelled:
                self.gate.wait(0.01)
            if progress.cancelled:
                rows.append(DoneFile(path=path, error=ErrorView("batch.cancelled", exit=4)))
            elif at % 7 == 5:
                refused = ErrorView(OTHERS, {"decider": "高橋 次郎"}, ("7-1",), exit=3)
                rows.append(DoneFile(path=path, error=refused))
            elif at % 5 == 3:
                rows.append(DoneFile(path=path, label=C2, notes=("batch.already-labelled",)))
            else:
                rows.append(DoneFile(path=path, out=(path,), label=given))
        return Done(files=tuple(rows), report=request.report)

    def plan(self, request: PlanRequest) -> tuple[PlannedFile, ...]:
        self.planned.append(request)
        measures = _measures(request)
        ready = all(one.met for one in measures)
        return tuple(
            PlannedFile(path=path, label=C2, measures=measures, ready=ready)
            for path in request.paths
        )

    def handle(self, request: HandleRequest, progress: Progress) -> Done:
        if self.failing is not None:
            raise self.failing
        self._work(request.plan.paths, progress)
        self.handled.append(request)
        if request.plan.action == "store":
            kept = tuple(
                DoneFile(path=p, out=(p,), label=C2, notes=self.notes) for p in request.plan.paths
            )
            return Done(files=kept)
        files = tuple(_provided(path, request.out) for path in request.plan.paths)
        return Done(
            files=files,
            letter=f"{request.out}/取扱依頼書.docx",
            mail=f"{request.out}/送付.eml",
            password_slip=f"{request.out}/パスワード通知書.docx",
            password=request.password or "mofu-7Kpq-29xd-Lw4t-Bs",
        )

    def scrub(self, request: ScrubRequest, progress: Progress) -> Done:
        if self.failing is not None:
            raise self.failing
        self._work(request.paths, progress)
        self.scrubbed.append(request)
        rows = []
        for path in self.files_in(request.paths):
            if path.endswith(".xlsx"):
                error = ErrorView("scrub.blocked", {"kind": "xlsx.hidden-sheet-used", "count": 1})
                rows.append(DoneFile(path=path, error=error))
                continue
            seen = self._findings(path)
            went = [o for o in seen if o.kind not in request.keep and o.removal not in STAYS]
            rows.append(
                DoneFile(
                    path=path,
                    out=(f"{request.out}/{Path(path).name}",),
                    removed=tuple(Removed(one.kind, one.count) for one in went),
                    left=tuple(_left(o) for o in seen if o not in went),
                    label=C2,
                )
            )
        return Done(files=tuple(rows), report=request.report)

    def scrub_preview(self, request: ScrubRequest) -> ScrubPreview:
        path = request.paths[0]
        self.tried.append(request)
        if path.endswith(".xlsx"):
            error = ErrorView("scrub.blocked", {"kind": "xlsx.hidden-sheet-used", "count": 1})
            return ScrubPreview(path=path, error=error)
        seen = self._findings(path)
        removed = tuple(Removed(o.kind, o.count) for o in seen if o.removal not in STAYS)
        left = tuple(o for o in seen if o.removal in STAYS)
        drawn = page_of_lines() if path.endswith(".pdf") else None
        return ScrubPreview(path=path, before=drawn, after=drawn, removed=removed, left=left)

    def redaction_preview(
        self, request: RedactRequest, progress: Progress
    ) -> tuple[RedactionPreview, ...]:
        if self.failing is not None:
            raise self.failing
        self.previewed.append(request)
        progress.step(0, len(request.paths), "")
        return tuple(RedactionPreview(path=p, places=_places(request, p)) for p in request.paths)

    def word_lists(self) -> tuple[tuple[str, str], ...]:
        return (("word.hr", "人事に関する語"), ("word.bid", "入札に関する語"))

    def redact(self, request: RedactRequest, progress: Progress) -> Done:
        if self.failing is not None:
            raise self.failing
        self._work(request.paths, progress)
        self.redacted.append(request)
        rows = []
        for path in request.paths:
            places = _places(request, path)
            if not places:
                error = ErrorView("redact.nothing-found", exit=3)
                rows.append(DoneFile(path=path, error=error))
                continue
            out = (f"{request.out}/{Path(path).name}",)
            notes = ("redact.pictures-not-searched:2",)
            removed = (Removed("pdf.info", 2),)
            rows.append(
                DoneFile(path=path, out=out, places=places, removed=removed, notes=notes, label=C2)
            )
        return Done(files=tuple(rows))

    def page_view(self, path: str, page: int = 1) -> PageView | None:
        return page_of_lines() if path.endswith(".pdf") and page > 0 else None

    def _findings(self, path: str) -> tuple[Finding, ...]:
        if self.found is not None:
            return self.found
        return FINDINGS.get(Path(path).suffix[1:], FINDINGS["docx"])

    def _work(self, paths: tuple[str, ...], progress: Progress) -> None:
        for at, path in enumerate(paths):
            progress.step(at, len(paths), path)
            while self.gate is not None and not self.gate.wait(0.01):
                if progress.cancelled:
                    raise EnvironmentProblem("batch.cancelled")
            if progress.cancelled:
                raise EnvironmentProblem("batch.cancelled")

    def ledger(self, words: str, limit: int) -> tuple[LedgerRow, ...]:
        rows = _entries()
        return tuple(r for r in rows if words in r.title or words in r.kind)[:limit]

    def lineage(self, document: str) -> LineageView:
        if document == "doc-unknown":
            raise InvalidInput("document.unknown", document=document)
        return family()

    def consult(self, path: str, reason: str, proposed: ClassifyRequest) -> Done:
        self.consulted.append((path, reason, proposed))
        row = DoneFile(path=path, label=C2, notes=("consult.drafted",))
        return Done(files=(row,), letter=f"{FOLDER}/格付の相談.docx", mail=f"{FOLDER}/相談.eml")

    def descendants_notice(self, document_id: str, out: str) -> Done:
        self.noticed.append((document_id, out))
        row = DoneFile(path=document_id, out=(f"{out}/周知_kacho.eml",))
        return Done(files=(row,), letter=f"{out}/周知先の一覧.docx")

    def files_in(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        found: list[str] = []
        for path in paths:
            found += [path] if Path(path).suffix else self.folders.get(path, [])
        return tuple(dict.fromkeys(found))

    def back_up_daily(self) -> bool:
        self.backed_up += 1
        if self.failing is not None:
            raise self.failing
        return self.backed_up == 1

    def catch_up(self, progress: Progress) -> int:
        if progress.cancelled:
            return 1
        self.caught_up += 1
        return 0

    def ignore_passage(self, text: str) -> None:
        self.ignored.append(text)

    def watched(self) -> tuple[Watched, ...]:
        return tuple(Watched(folder=one, since=NOON) for one in self.watching)

    def watch(self, folder: str) -> None:
        self.watching.append(folder)

    def unwatch(self, folder: str) -> None:
        self.watching.remove(folder)

    def look_around(self) -> int:
        self.looked += 1
        return len(self.waiting)

    def mark_published(self, paths: tuple[str, ...]) -> None:
        self.published += paths
        self.waiting = [one for one in self.waiting if one not in paths]

    def verify_ledger(self) -> ChainState:
        return ChainState(42, self.intact, None if self.intact else "ev-17")

    def export_ledger(self, path: str) -> str:
        self.exported.append(path)
        Path(path).write_text(json.dumps([r.id for r in _entries()]), encoding="utf-8")
        return path

    def person(self) -> Person:
        return self.who

    def set_person(self, person: Person) -> None:
        self.who = person

    def setting(self, key: str, default: str = "") -> str:
        return self.kept.get(key, default)

    def put_setting(self, key: str, value: str) -> None:
        self.kept[key] = value

    def doctor(self) -> tuple[tuple[str, bool, str], ...]:
        return (
            ("store.exists", True, "/home/sato/.local/share/meti-desk"),
            ("worker.landlock", True, "3"),
            ("worker.seccomp", True, ""),
            ("worker.network", True, ""),
            ("keyring.ready", False, ""),
            ("crypto.checked", True, "R2"),
        )

    def stored(self) -> tuple[tuple[str, str], ...]:
        return (("store", "/home/sato/.local/share/meti-desk"),)


def _node(name: str, level: int, c: int | None, *given: str) -> LineageNode:
    return LineageNode(
        id=f"doc-{name}",
        title=name,
        path=f"{FOLDER}/{name}",
        level=level,
        label=label(c),
        decided_by="佐藤 花子" if c else "",
        recipients=given,
    )


def family() -> LineageView:
    """Give a family of documents: three generations, a cycle, and a source that nobody knows."""
    nodes = (
        _node("補助金交付要綱.pdf", -2, 1),
        _node("令和7年度_審査要領.docx", -1, 2),
        _node("応募者一覧.xlsx", -1, 3),
        LineageNode(id="9f2c77ab10de", title="9f2c77ab10de", level=-1, known=False),
        _node("補助金審査_結果案.docx", 0, 3, "iin@example.com"),
        _node("審査結果_概要.pptx", 1, 2, "kacho@meti.go.jp", "iin@example.com"),
        _node("通知書_案.docx", 1, None),
        _node("公表資料.pdf", 2, 1, "公表"),
    )
    names = [node.id for node in nodes]
    pairs = ((0, 1), (1, 4), (2, 4), (3, 4), (4, 5), (4, 6), (5, 7), (5, 1))
    edges = tuple((names[source], names[made]) for source, made in pairs)
    return LineageView(root=names[4], nodes=nodes, edges=edges)


def _provided(path: str, folder: str) -> DoneFile:
    """Show what the real services do with a file of this kind."""
    method = "pdf" if path.endswith(".pdf") else "office"
    word = (Removed("docx.comment", 3), Removed("docx.revision", 12), Removed("docx.author"))
    paper = (Removed("pdf.info", 4), Removed("pdf.annotation", 2))
    return DoneFile(
        path=path,
        out=(f"{folder}/{Path(path).name}",),
        removed=paper if method == "pdf" else word,
        method=method,
        meets=f"meets.{method}",
        label=C2,
    )


def _met(name: str, article: str, why: str, *, automatic: bool = False) -> PlannedMeasure:
    return PlannedMeasure(name, article, "mandatory", "done", why, "", automatic, met=True)


def _measures(request: PlanRequest) -> tuple[PlannedMeasure, ...]:
    level = request.label.c if request.label else 2
    guides = (
        _met("purpose", "3-1", "guide"),
        _met("area-class", "43-5", "area.assumed-outside"),
        _met("safety-measures", "38-7", "guide"),
    )
    if request.action == "store":
        return (*guides, _met("access-control", "11-4", "rights", automatic=True))
    if request.action == "publish":
        confirm = _met("confirm-c1", "15-1", "label.is-c1", automatic=True)
        if level != 1:
            confirm = PlannedMeasure("confirm-c1", "15-1", "prohibited", "open", "label.not-c1")
        return (*guides, confirm, _met("remove-metadata", "15-2", "scrub", automatic=True))
    permission = PlannedMeasure("permission", "13", "mandatory", "open", "permission.none")
    if request.permit_noted:
        permission = _met("permission", "13", "permission.noted-unconfirmed")
    found = [*guides, permission]
    if request.label and request.label.audience:
        found.append(_confirmed("restriction:audience", "audience.confirm", request))
    return (
        *found,
        _met("minimum-recipients", "10-3", "recipients"),
        _met("recipient-measures", "14-6", "letter", automatic=True),
        _met("remove-metadata", "14-7", "scrub", automatic=True),
        _considered("password", "14-1", request, "yes:要機密情報を移送するため"),
        _considered("split", "14-5", request, "no:暗号化とパスワードの別送により保護するため"),
        _considered("signature", "14-3", request, ""),
    )


def _confirmed(name: str, why: str, request: PlanRequest) -> PlannedMeasure:
    done = request.decisions.get(name) == "yes"
    return PlannedMeasure(name, "9", "mandatory", "done" if done else "open", why, met=done)


def _considered(name: str, article: str, request: PlanRequest, proposed: str) -> PlannedMeasure:
    word, _, reason = request.decisions.get(name, "").partition(":")
    if not word:
        return PlannedMeasure(name, article, "consider", "open", "decision.none", proposed=proposed)
    state: State = "done" if word == "yes" else "declined"
    return PlannedMeasure(name, article, "consider", state, "decision.made", reason, met=True)


def _entries() -> tuple[LedgerRow, ...]:
    name = {"by": "佐藤 花子"}
    given = {"action": "provide", "recipients": ["iin@example.com"], "method": "office"}
    told: tuple[tuple[str, str, int | None, dict[str, object]], ...] = (
        ("handle", "補助金審査_結果案.docx", 2, {**given}),
        ("classify", "補助金審査_結果案.docx", 2, {**name, "reason": "審査の途中のため"}),
        ("selfcheck-submit", "", None, {"receipt": "R-2026-0042"}),
        ("handle", "統計公表資料.pdf", 1, {"action": "publish"}),
        ("classify", "統計公表資料.pdf", 1, {**name}),
        ("classify", "人事異動案.xlsx", 3, {**name, "reason": "人事の秘密のため"}),
        ("scrub", "委託先名簿.docx", 2, {"purpose": "provide"}),
        ("protect", "委託先名簿.docx", 2, {"method": "office"}),
    )
    return tuple(
        LedgerRow(
            id=f"ev-{len(told) - at}",
            seq=len(told) - at,
            at=f"2026-11-{20 - at:02d}T09:12:00+09:00",
            kind=kind,
            document=f"doc-{at}" if title else "",
            title=title,
            label=label(c) if c else None,
            detail=dict(detail),
        )
        for at, (kind, title, c, detail) in enumerate(told)
    )


def paths(*names: str) -> tuple[str, ...]:
    """Give paths in the fake folder."""
    return tuple(f"{FOLDER}/{name}" for name in names or NAMES)
