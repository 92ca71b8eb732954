"""What goes into the services and what comes out: one shape for window and command line.

The JSON of the command line is these structures, encoded (`docs/cli.md`); field names are the
contract. Labels cross here as `LabelView`, so that no caller needs the domain to show one.
"""

from typing import Literal

import msgspec

from meti_desk.formats.base import Finding, MarkFound, Purpose, Removed, Revisions
from meti_desk.formats.redaction import RedactionPlace
from meti_desk.services.permit_messages import HomePermits
from meti_desk.services.protect_messages import OpenRequest as OpenRequest  # noqa: PLC0414 - below
from meti_desk.services.protect_messages import (
    ProtectRequest as ProtectRequest,  # noqa: PLC0414 - given on: all requests are found here
)
from meti_desk.services.split_wish import SplitWish

ActionName = Literal[
    "copy", "distribute", "print", "store", "transfer", "provide", "publish", "take-out", "dispose"
]
State = Literal["done", "open", "waiting", "declined"]
StrengthName = Literal["mandatory", "consider", "prohibited"]
Seal = Literal["sealed", "label-changed", "content-changed", "none"]


class ErrorView(msgspec.Struct, frozen=True):
    """An error as it is told: code and parameters for programs, message for people."""

    code: str
    params: dict[str, str | int] = {}
    articles: tuple[str, ...] = ()
    message: str = ""
    exit: int = 4
    """The exit code of the command line: 3 rule, 4 environment, 5 input."""


class LabelView(msgspec.Struct, frozen=True):
    """A label as it is shown; `decided` false means undecided, the numbers are then its floor."""

    c: int | None = None
    i: int | None = None
    a: int | None = None
    restrictions: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    decided: bool = False


class SourceView(msgspec.Struct, frozen=True):
    """A known source of a document (Art. 6)."""

    id: str
    title: str
    label: LabelView


class ProtectionView(msgspec.Struct, frozen=True):
    """How a file is protected, and whether all its algorithms are on the 推奨 list."""

    method: str
    algorithms: tuple[str, ...]
    listed: bool


class InspectedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `inspect`."""

    path: str
    format: str = ""
    label: LabelView | None = None
    seal: Seal = "none"
    marks: tuple[MarkFound, ...] = ()
    findings: tuple[Finding, ...] = ()
    protection: ProtectionView | None = None
    sources: tuple[SourceView, ...] | None = None
    sources_known: bool = False
    obstacle: str = ""
    pages: int | None = None
    error: ErrorView | None = None


UNKNOWN_LEVEL = "?"
"""The value of a label of another product that the policy does not know."""


class Evidence(msgspec.Struct, frozen=True):
    """Why a part of a label is proposed."""

    part: Literal["c", "i", "a", "restriction", "audience"]
    value: str
    source: Literal["source", "mark", "foreign-label", "detector", "policy", "record"] = (
        msgspec.field(name="from")
    )
    ref: str = ""
    place: str = ""
    shown: str = ""
    """What was found, as it may be shown: a masked number, a word, a copied passage."""
    count: int = 1
    """How many of them in the document."""


SourceKind = Literal["copy", "near-copy", "passage"]
"""How much of a document stands in its source: all, four fifths and more, or less."""


class FoundPassage(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that a document has in common with another, as it stands in the document.

    `text` is shortened to 120 characters, `length` counts all that is common, without white space.
    """

    text: str
    length: int
    place: str = ""
    source_place: str = ""


class FoundSource(msgspec.Struct, frozen=True, kw_only=True):
    """A document that seems to be a source, found by what both have in common (Art. 6).

    `id` with `id:` before it names it in `ClassifyRequest.sources`. `covered` is the share of the
    document that stands in it, 0 to 1; `passages` are the longest, three at most.
    """

    id: str
    title: str
    path: str
    kind: SourceKind
    covered: float
    label: LabelView | None = None
    passages: tuple[FoundPassage, ...] = ()


class SuggestedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `suggest`: a proposal is evidence, never applied by itself."""

    path: str
    format: str = ""
    label: LabelView | None = None
    evidence: tuple[Evidence, ...] = ()
    sources: tuple[FoundSource, ...] = ()
    """What was found by its passages."""
    unread: int = 0
    """Documents that were labelled here and not read yet: among them nothing was found."""
    error: ErrorView | None = None


class ClassifyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Decide, mark, seal, record (Arts. 4-6). `out` empty: in place."""

    paths: tuple[str, ...]
    c: int
    i: int = 1
    a: int = 1
    restrictions: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """Paths, or `id:` and the id of a document that is known here."""
    reason: str = ""
    mark: bool = True
    out: str = ""
    resume: bool = False
    """Skip what already has this label by this person: the rest of a run that was cancelled."""
    undecided_only: bool = False
    """Leave alone what has a label already."""
    report: str = ""
    """Write a CSV of all rows to this new file."""
    consulted: str = ""
    """`who, when, answer` of the 相談 before another's label is changed (Art. 7-1); 要確認."""
    tscp: bool = False
    """Write the label as LibreOffice understands it, too."""


class ScrubRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Remove 付加情報 into `out` (Arts. 14-7, 15-2).

    A folder stands for all that lies in it; its copies lie in `out` in the same folders.
    """

    paths: tuple[str, ...]
    out: str
    purpose: Purpose = "provide"
    keep: tuple[str, ...] = ()
    revisions: Revisions = "accept"
    report: str = ""
    """Write a CSV of what went and what stayed to this new file."""


class PlanRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Ask which measures an action needs (Arts. 8-17).

    `area` is the class of the place that the information goes to: 0 is 要管理対策区域外. `label`
    overrides what stands in the files: the window asks while the person is still deciding.
    """

    action: ActionName
    paths: tuple[str, ...]
    to: tuple[str, ...] = ()
    contractor: bool = False
    area: int | None = None
    permit: str = ""
    permit_noted: str = ""
    decisions: dict[str, str] = {}
    """Measure id -> `yes` or `no:REASON`."""
    label: ClassifyRequest | None = None


class PlannedMeasure(msgspec.Struct, frozen=True):
    """One measure of a plan; `why` is a code for the wording, `fulfilled_by` what does it."""

    id: str
    article: str
    strength: StrengthName
    state: State
    why: str = ""
    reason: str = ""
    automatic: bool = False
    """Whether meti-desk carries it out itself."""
    met: bool = False
    """Whether it lets the act go ahead."""
    proposed: str = ""
    """What the policy proposes for an open 検討: `yes`, `no:REASON` or nothing."""


class PlannedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `plan`. `ready` tells whether `handle` would go through now."""

    path: str
    label: LabelView | None = None
    measures: tuple[PlannedMeasure, ...] = ()
    ready: bool = False
    error: ErrorView | None = None


class HandleRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Carry a plan out into `out`: scrub, mark, protect, letter, mail draft, ledger."""

    plan: PlanRequest
    out: str
    method: str = ""
    password: str = ""
    keep: tuple[str, ...] = ()
    revisions: Revisions = "accept"
    split: SplitWish | None = None
    agreed: bool = False
    """The password is one that is agreed with the recipients: nobody has to be told, no slip."""
    certificates: tuple[bytes, ...] = ()
    """DER, beside those of the address book; with `certificate_files` as for `ProtectRequest`."""
    certificate_files: tuple[str, ...] = ()
    compared: bool = False
    reason_unlisted: str = ""
    same_route_reason: str = ""
    """Why password and file may go the same way (Art. 14-1); without it that is refused."""
    key: str = ""
    """Whose key signs where a signature is found necessary: as in `SignRequest` (Art. 14-3)."""
    key_secret: str = ""

    def __repr__(self) -> str:
        """Leave password and PIN out."""
        return f"HandleRequest({self.plan!r}, out={self.out!r}, method={self.method!r})"


class DoneFile(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `classify`, `scrub`, `redact`, `protect`, `open` and `handle`."""

    path: str
    out: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    left: tuple[Finding, ...] = ()
    places: tuple[RedactionPlace, ...] = ()
    """What `redact` made black."""
    method: str = ""
    meets: str = ""
    """Code of the sentence that says what the method meets and what not."""
    label: LabelView | None = None
    measures: tuple[PlannedMeasure, ...] = ()
    notes: tuple[str, ...] = ()
    error: ErrorView | None = None


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of everything that writes.

    `password` is for the window's result page only and is never encoded by the command line.
    """

    files: tuple[DoneFile, ...]
    events: tuple[str, ...] = ()
    letter: str = ""
    mail: str = ""
    password_slip: str = ""
    password: str = ""
    report: str = ""
    """Where the CSV of all rows was written."""


class LineageNode(msgspec.Struct, frozen=True, kw_only=True):
    """A document in the picture of sources and descendants (Art. 6).

    `level` counts the generations from the document asked for: sources below 0, descendants
    above. `known` is false for a source of which the record holds nothing but its id.
    """

    id: str
    title: str
    path: str = ""
    level: int = 0
    label: LabelView | None = None
    decided_by: str = ""
    recipients: tuple[str, ...] = ()
    """Who received it from here, as 取扱記録 says."""
    known: bool = True


class LineageView(msgspec.Struct, frozen=True, kw_only=True):
    """Where a document comes from and what was made from it; `edges` are (source, made) ids.

    Cycles are allowed: each document stands there once, at its shortest distance.
    """

    root: str
    nodes: tuple[LineageNode, ...]
    edges: tuple[tuple[str, str], ...] = ()


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A folder in which new documents without a label are noticed (Art. 4-1); off by default."""

    folder: str
    since: str
    """Only what is newer than this moment is noticed; old files are decided when used."""


class ToDecide(msgspec.Struct, frozen=True, kw_only=True):
    """A document that waits for a decision (要決定)."""

    path: str
    title: str
    seen_at: str


class LedgerRow(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of 取扱記録 as it is listed."""

    id: str
    seq: int
    at: str
    kind: str
    document: str = ""
    title: str = ""
    label: LabelView | None = None
    detail: dict[str, object] = {}


class HomeView(msgspec.Struct, frozen=True, kw_only=True):
    """What ホーム shows: what is due, what was handled last."""

    person: str = ""
    recent: tuple[tuple[str, str, LabelView], ...] = ()
    """Path, title, label."""
    selfcheck_title: str = ""
    selfcheck_answered: int = 0
    selfcheck_total: int = 0
    selfcheck_due: str = ""
    unconfirmed_permits: int = 0
    """Handled under 口頭・書面で許可済（要確認）, not yet confirmed by the responsible person."""
    unconfirmed_consultations: int = 0
    """Labels of others changed after a 相談 that the person told of (要確認, Art. 7-1)."""
    permit_events: tuple[str, ...] = ()
    consultation_events: tuple[str, ...] = ()
    """The entries of 取扱記録 that tell of them."""
    permits: HomePermits = HomePermits()
    undecided: int = 0
    to_decide: tuple[ToDecide, ...] = ()
    """The newest of what was noticed in watched folders and has no label yet."""
    ending: tuple[tuple[str, str, int], ...] = ()
    """Certificates that end soon or have ended: whose (empty: one's own), the day, days left."""


class Person(msgspec.Struct, frozen=True):
    """Who works here: written into decisions and letters."""

    name: str
    post: str = ""
    unit: str = ""
    mail: str = ""


StoreState = Literal["new", "locked", "open"]
"""`new`: no store yet (first run); `locked`: the passphrase is asked; `open`: work can begin."""


class RestrictionOffer(msgspec.Struct, frozen=True):
    """One 取扱制限 that policy knows, and what it serves and how strict it is."""

    name: str
    serves: str
    strength: str
