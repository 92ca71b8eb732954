"""What the services need from outside the process, as small protocols; `meti_desk.app` wires them.

Nothing here knows how it is done: tests hand in fakes in memory.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import BinaryIO, Protocol, TypeVar

import msgspec

from meti_desk.domain.agreed import Agreed
from meti_desk.domain.kept_text import KeptDocument, KeptText, Shared
from meti_desk.domain.ledger import Event
from meti_desk.domain.records import ChainState, DocumentRecord, Pending
from meti_desk.isolation.probe import Layers
from meti_desk.services.ports_recipients import RecipientBook
from meti_desk.services.ports_sync import Mailbox, Outbox, Sealer

__all__ = [
    "ChainState",
    "DocumentRecord",
    "Pending",
]

T = TypeVar("T")


class Session(Protocol):
    """Several jobs on the files of one document; nothing else ever reaches its process."""

    def run(
        self,
        job: str,
        params: msgspec.Struct,
        result: type[T],
        *,
        uses: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> T:
        """Run one job on the files whose roles `uses` names, or on all; else as `Workers.run`."""

    def close(self) -> None:
        """Let the process go; a further job begins with a fresh one."""


class Sessions(Protocol):
    """Where sessions are begun: the workers themselves, or a batch of theirs."""

    def session(self, files: Mapping[str, BinaryIO]) -> AbstractContextManager[Session]:
        """Keep a process for several jobs on these files: quicker than one for each job.

        Files that a later job writes are handed over here as well.
        """


class Workers(Sessions, Protocol):
    """Runs jobs on untrusted bytes in confined processes."""

    def batch(self, documents: int) -> AbstractContextManager[Sessions]:
        """Let a process serve up to so many small documents of one batch (decision 014).

        For one decision over many documents, whose results stay here; never for what is given
        away.
        """

    def run(
        self,
        job: str,
        params: msgspec.Struct,
        files: Mapping[str, BinaryIO],
        result: type[T],
        *,
        timeout: float | None = None,
    ) -> T:
        """Run one job and give its decoded result; blocking, safe to call from many threads.

        `files` are open files with a real descriptor; the job sees them under their role
        (`source`, `target`, `result`, `sidecar`) and nothing else of the file system. Raises the
        error that the job raised, or `EnvironmentProblem`: `document.unreadable` (the worker died
        or passed its limits), `worker.timeout`, `worker.unconfined`.
        """

    def warm(self, families: int) -> None:
        """Load ahead what documents of these families need (bits); waits for nothing."""

    def layers(self) -> Layers:
        """Tell which layers of confinement are active here."""

    def close(self) -> None:
        """Stop all worker processes."""


class Ledger(Protocol):
    """The append-only 取扱記録 of this store."""

    def append(self, kind: str, body: Mapping[str, object], at: datetime) -> Event:
        """Chain one event and commit it durably before returning."""

    def events(
        self,
        *,
        kinds: Sequence[str] = (),
        document: str = "",
        newest_first: bool = False,
        limit: int = 0,
    ) -> Iterator[Event]:
        """Give events in order, filtered by kinds and by the document's id."""

    def since(self, seq: int) -> Iterator[Event]:
        """Give the events behind a place, in order."""

    def search(self, words: str, *, limit: int = 100) -> Sequence[Event]:
        """Find events whose body contains the words, newest first."""

    def verify(self) -> ChainState:
        """Recompute the whole chain."""


class Documents(Protocol):
    """The documents that were labelled or handled here."""

    def put(self, record: DocumentRecord) -> None:
        """Insert or replace by id."""

    def get(self, document_id: str) -> DocumentRecord | None:
        """Find by id."""

    def by_hash(self, file_hash: str) -> DocumentRecord | None:
        """Find a copy: the same bytes (Art. 6-2)."""

    def by_digest(self, digest: str) -> DocumentRecord | None:
        """Find the same content under other marks or 付加情報."""

    def recent(self, limit: int = 20) -> Sequence[DocumentRecord]:
        """Give those handled last, newest first."""

    def made_from(self, source: str) -> Sequence[DocumentRecord]:
        """Give the documents that name this one as a source (Art. 6)."""


class Journal(Protocol):
    """Operations under way; emptied by `services.recovery` at the next start."""

    def begin(self, pending: Pending) -> None:
        """Remember durably before the file system is touched."""

    def end(self, pending_id: str) -> None:
        """Forget: the operation is finished or undone."""

    def open_operations(self) -> Sequence[Pending]:
        """Give what was begun and not ended."""


class Settings(Protocol):
    """Small values of this person on this device (who I am, theme, standing choices)."""

    def get(self, key: str, default: str = "") -> str:
        """Read a value."""

    def put(self, key: str, value: str) -> None:
        """Write a value durably."""


class Answers(Protocol):
    """Self-check answers, one row per form and item (Art. 92)."""

    def load(self, form: str) -> Mapping[str, bytes]:
        """Give the stored answers of a form version key by link id, as JSON."""

    def save(self, form: str, link_id: str, answer: bytes) -> None:
        """Keep one answer durably."""


class Prints(Protocol):
    """Texts of the documents that were seen here, found by their fingerprints (Art. 6)."""

    def put(self, document: KeptDocument, text: KeptText, hashes: Sequence[int]) -> None:
        """Keep a document's text in the place of an earlier one (`store.prints-full`)."""

    def forget(self, document: str) -> None:
        """Drop what is kept of a document."""

    def shared(self, hashes: Sequence[int]) -> Sequence[Shared]:
        """Tell which kept texts have these fingerprints."""

    def text(self, number: int) -> KeptText | None:
        """Give a kept text by its number."""

    def documents(self, number: int) -> Sequence[KeptDocument]:
        """Give the documents with this text."""

    def kept(self, document: str) -> KeptDocument | None:
        """Tell what is kept under an id."""

    def text_of(self, document: str) -> KeptText | None:
        """Give the text that is kept of a document."""

    def waiting(self, limit: int) -> Sequence[KeptDocument]:
        """Give documents that were labelled or seen, and whose text was not read yet."""

    def to_read(self) -> int:
        """Count those whose text was not read yet."""

    def want(self, documents: Sequence[KeptDocument]) -> None:
        """Note documents to be read when there is time."""

    def skip(self, document: str) -> None:
        """Wait for this document no longer."""

    def ignore(self, hashes: Sequence[int]) -> None:
        """Take fingerprints for 定型文."""

    def ignored(self, hashes: Sequence[int]) -> frozenset[int]:
        """Tell which of these fingerprints are 定型文."""

    def merge(self) -> bool:
        """Bring some new fingerprints into the large index; tells whether more wait."""

    def to_merge(self) -> int:
        """Count the fingerprints that wait for `merge`."""


class AgreedPasswords(Protocol):
    """Passwords agreed with recipients (Art. 14-1); a recipient is a mail address."""

    def put(self, agreed: Agreed) -> None:
        """Take a password into use; a few former ones stay."""

    def current(self, recipient: str) -> Agreed | None:
        """Give the password in use."""

    def of(self, recipient: str) -> Sequence[Agreed]:
        """Give the password in use and the former ones, newest first."""

    def all(self) -> Sequence[Agreed]:
        """Give the passwords in use, by recipient."""

    def used(self, recipient: str, at: str) -> None:
        """Note that the password in use was used."""

    def forget(self, recipient: str) -> int:
        """Drop all passwords of a recipient; gives how many there were."""


class Store(Protocol):
    """The unlocked store. `transaction` makes several writes one."""

    @property
    def ledger(self) -> Ledger:
        """取扱記録."""

    @property
    def documents(self) -> Documents:
        """What is known of documents."""

    @property
    def journal(self) -> Journal:
        """Operations under way."""

    @property
    def settings(self) -> Settings:
        """Small values."""

    @property
    def answers(self) -> Answers:
        """Answers of 自己点検."""

    @property
    def prints(self) -> Prints:
        """Texts that were seen, for finding sources."""

    @property
    def agreed(self) -> AgreedPasswords:
        """Agreed passwords."""

    @property
    def recipients(self) -> RecipientBook:
        """宛先."""

    @property
    def outbox(self) -> Outbox:
        """The device's log for the server."""

    @property
    def mailbox(self) -> Mailbox:
        """What goes to the server beside the facts, and what came from it."""

    @property
    def sealer(self) -> Sealer:
        """The device key."""

    def transaction(self) -> AbstractContextManager[None]:
        """Commit all writes of the block together, or none."""

    def together(self, work: Callable[[], T]) -> T:
        """Do a durable piece of writing, perhaps in one commit with those of other threads."""

    def close(self) -> None:
        """Lock: drop the key and close the database."""


class Clock(Protocol):
    """The time, with its offset."""

    def now(self) -> datetime:
        """Give the present moment, aware."""


class Ids(Protocol):
    """Fresh identifiers and randomness."""

    def document_id(self) -> str:
        """Give a new document id."""

    def token(self, length: int) -> bytes:
        """Give random bytes."""


class Words(Protocol):
    """Sentences for codes, where the result itself is read by people: a report."""

    def error(self, code: str, params: Mapping[str, str | int], articles: Sequence[str]) -> str:
        """Tell an error: cause, remedy, articles."""

    def term(self, code: str) -> str:
        """Give the word for a code."""


class Progress(Protocol):
    """Hears how far a long piece of work is; `cancelled` asks it to stop between two files."""

    def step(self, done: int, total: int, code: str) -> None:
        """Tell that `done` of `total` are done and what is being done now, as a code."""

    @property
    def cancelled(self) -> bool:
        """Tell whether the person asked to stop."""
