"""What the window calls: one object that does everything, blocking, made by `meti_desk.app`.

The window calls it from the background thread of `ui.jobs` only, one call at a time. All methods
raise `MetiDeskError` by code; sentences are made in `ui.strings`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from meti_desk.formats.base import Purpose
from meti_desk.services.messages import (
    ClassifyRequest,
    Done,
    HandleRequest,
    HomeView,
    InspectedFile,
    LedgerRow,
    LineageView,
    Person,
    PlannedFile,
    PlanRequest,
    RestrictionOffer,
    ScrubRequest,
    StoreState,
    SuggestedFile,
    Watched,
)
from meti_desk.services.ports import ChainState, Progress
from meti_desk.services.preview_messages import PageView, ScrubPreview
from meti_desk.services.protect_messages import OpenRequest, ProtectRequest
from meti_desk.services.redaction_messages import RedactionPreview, RedactRequest
from meti_desk.services.selfcheck_views import (
    Answered,
    AnswerRequest,
    AnswerView,
    FormList,
    FormView,
    SubmissionView,
)
from meti_desk.ui.ports_emergency import Emergency
from meti_desk.ui.ports_permits import Permits
from meti_desk.ui.ports_recipients import OwnKey, Recipients
from meti_desk.ui.ports_register import Register
from meti_desk.ui.ports_reviews import Reviews
from meti_desk.ui.ports_signing import Signatures
from meti_desk.ui.ports_splitting import Passwords, Splits
from meti_desk.ui.ports_store import StoreKeys
from meti_desk.ui.ports_sync import Syncing


class Checks(Protocol):
    """The self-check as the wizard needs it (Arts. 91-92); `services.selfcheck` has this shape."""

    def list_forms(self) -> FormList:
        """List the forms that this person has to answer, with how far each is."""

    def show(self, form: str = "") -> FormView:
        """Give a form with answers, evidence and last year's answers."""

    def answer(self, request: AnswerRequest) -> Answered:
        """Save one answer durably and give the question anew with the progress."""

    def outgoing(self, form: str = "") -> tuple[tuple[str, AnswerView], ...]:
        """Give exactly what handing in would send."""

    def submit(self, form: str = "") -> SubmissionView:
        """Hand in; refused with `selfcheck.incomplete` while something is missing."""

    def withdraw(self, form: str = "") -> SubmissionView:
        """Take a form back until the deadline."""

    def export(self, form: str, path: Path) -> Path:
        """Write the 自己点検票 as docx, csv or json, by the suffix; gives the name."""


class Glance(Protocol):
    """What can be told at once, without the desk: which page comes first, and how it looks."""

    def state(self) -> StoreState:
        """Tell whether there is a store and whether it is open."""

    def setting(self, key: str, default: str = "") -> str:
        """Read a setting; those of appearance can be read while the store is locked."""


class Desk(Glance, Protocol):
    """Everything that the window asks for."""

    @property
    def selfcheck(self) -> Checks:
        """The self-check."""

    def keyring_ready(self) -> bool:
        """Tell whether a real key ring of the system can hold the key."""

    def has_keyring(self) -> bool:
        """Tell whether the key ring opens this store."""

    def create(self, passphrase: str, person: Person, *, use_keyring: bool) -> None:
        """Make the encrypted store and open it."""

    def unlock(self, passphrase: str, *, inside: bool = False) -> None:
        """Open the store; an empty passphrase asks the key ring (inside the area only)."""

    def declare_place(self, *, inside: bool) -> None:
        """Keep what the person declares about the place, for today."""

    def lock(self) -> None:
        """Drop the key and close the store."""

    @property
    def signatures(self) -> Signatures:
        """Signing and verifying documents (電子署名, Art. 14-3)."""

    @property
    def splits(self) -> Splits:
        """Splitting a document over different ways, and joining it (Art. 14-5)."""

    @property
    def passwords(self) -> Passwords:
        """The book of agreed passwords (Art. 14-1)."""

    @property
    def emergency(self) -> Emergency:
        """The table of algorithms, and what to do when one is compromised."""

    @property
    def recipients(self) -> Recipients:
        """The address book (Art. 14-2)."""

    @property
    def own_key(self) -> OwnKey:
        """Where the person's own key lies (Art. 14-3)."""

    def protect(self, request: ProtectRequest, progress: Progress) -> Done:
        """Protect files for recipients or with a password (Arts. 14-1, 14-2)."""

    def open(self, request: OpenRequest, progress: Progress) -> Done:
        """Take what lies in protected files out."""

    @property
    def syncing(self) -> Syncing:
        """The sync with the ministry's server."""

    @property
    def permits(self) -> Permits:
        """Permits: asked for, decided, in force (Arts. 13, 77)."""

    @property
    def reviews(self) -> Reviews:
        """Labels to judge, and orders to correct them (Art. 4-2)."""

    @property
    def register(self) -> Register:
        """The 機密性3情報管理簿 (Art. 11-2)."""

    @property
    def store_keys(self) -> StoreKeys:
        """The key of the store."""

    def failed_before(self) -> int:
        """Tell how many wrong passphrases came before the one that opened the store."""

    def home(self) -> HomeView:
        """Give what is due and what was handled last."""

    def inspect(
        self, paths: tuple[str, ...], progress: Progress, purpose: Purpose = "provide"
    ) -> tuple[InspectedFile, ...]:
        """Tell what files are and hold; an error of one file stands in its row."""

    def suggest(
        self, paths: tuple[str, ...], sources: tuple[str, ...], progress: Progress
    ) -> tuple[SuggestedFile, ...]:
        """Propose labels with their evidence."""

    def restrictions(self) -> tuple[RestrictionOffer, ...]:
        """Give the 取扱制限 that are offered."""

    def preview_mark(self, request: ClassifyRequest) -> str:
        """Give the mark as it will stand in the document (Art. 5)."""

    def classify(self, request: ClassifyRequest, progress: Progress) -> Done:
        """Decide, mark, seal, record."""

    def plan(self, request: PlanRequest) -> tuple[PlannedFile, ...]:
        """Give the measures that an action needs now."""

    def handle(self, request: HandleRequest, progress: Progress) -> Done:
        """Carry a plan out."""

    def scrub(self, request: ScrubRequest, progress: Progress) -> Done:
        """Remove 付加情報 into copies (Arts. 14-7, 15-2)."""

    def scrub_preview(self, request: ScrubRequest) -> ScrubPreview:
        """Try a removal on one document, tell what it gives and keep nothing of it."""

    def page_view(self, path: str, page: int = 1) -> PageView | None:
        """Draw a page of a document; `None` where there is no picture of it."""

    def redaction_preview(
        self, request: RedactRequest, progress: Progress
    ) -> tuple[RedactionPreview, ...]:
        """Tell what a redaction would make black; writes nothing."""

    def word_lists(self) -> tuple[tuple[str, str], ...]:
        """Name the word lists of the policy, which a redaction can look for: id and title."""

    def redact(self, request: RedactRequest, progress: Progress) -> Done:
        """Take words, areas and personal data out of copies (墨消し)."""

    def ledger(self, words: str, limit: int) -> tuple[LedgerRow, ...]:
        """Give entries of 取扱記録 that contain the words, newest first."""

    def lineage(self, document: str) -> LineageView:
        """Give sources and descendants of a document, named by its id or its path (Art. 6)."""

    def consult(self, path: str, reason: str, proposed: ClassifyRequest) -> Done:
        """Draft the 相談 about a label that somebody else decided (Art. 7-1)."""

    def descendants_notice(self, document_id: str, out: str) -> Done:
        """Draft the 周知 of a changed label; the document may be named by its path (Art. 7-2)."""

    def files_in(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Give the files that are named, and for folders all that lie in them."""

    def back_up_daily(self) -> bool:
        """Copy the record once a day; tells whether it did now."""

    def catch_up(self, progress: Progress) -> int:
        """Read what was labelled and not read yet; gives how many documents are still unread."""

    def ignore_passage(self, text: str) -> None:
        """Take a passage for 定型文: it names no source from now on."""

    def watched(self) -> tuple[Watched, ...]:
        """Give the folders in which new documents are noticed."""

    def watch(self, folder: str) -> None:
        """Notice new documents in a folder from now on."""

    def unwatch(self, folder: str) -> None:
        """Notice them no longer."""

    def look_around(self) -> int:
        """Look at what is new in the watched folders; gives how many documents wait (要決定)."""

    def mark_published(self, paths: tuple[str, ...]) -> None:
        """Note that files hold what is published already (公表済み): they wait for nothing."""

    def verify_ledger(self) -> ChainState:
        """Recompute the chain of 取扱記録."""

    def export_ledger(self, path: str) -> str:
        """Write 取扱記録 to a file; gives its name, which may have got a number."""

    def person(self) -> Person:
        """Tell who works here."""

    def set_person(self, person: Person) -> None:
        """Change who works here, from now on."""

    def put_setting(self, key: str, value: str) -> None:
        """Keep a setting durably."""

    def doctor(self) -> tuple[tuple[str, bool, str], ...]:
        """Check the set-up: code, whether it is well, and a detail."""

    def stored(self) -> tuple[tuple[str, str], ...]:
        """Tell what this program keeps on this device: code and place or amount."""


DeskFactory = Callable[[], Desk]
"""Makes the desk; called in the background thread, so that its imports cost no first paint."""
