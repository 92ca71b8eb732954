"""The ports of the services in memory: the real jobs in this process, a store without a disk."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

import docx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from meti_desk.app import _verify
from meti_desk.domain.agreed import KEPT, Agreed
from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.domain.kept_text import MOST_SHARED, KeptDocument, KeptText, Shared
from meti_desk.domain.ledger import Event, first_bad, follow
from meti_desk.domain.outbox import OutboxRow
from meti_desk.domain.policy import Policy
from meti_desk.domain.recipients import Recipient
from meti_desk.domain.records import ChainState, DocumentRecord, Pending
from meti_desk.isolation.probe import Layers
from meti_desk.protection.cryptrec import Table
from meti_desk.services.context import Context
from meti_desk.services.desk import Desk
from meti_desk.services.messages import Person
from meti_desk.standard.policy_file import shipped_policy
from meti_desk.sync.sealed import point_of, public_of
from meti_desk.system.files import DiskFiles
from meti_desk.worker import JOBS
from tests.unit.services.fake_mailbox import MemoryMailbox

T = TypeVar("T")

JST = timezone(timedelta(hours=9))
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=JST)
ME = Person("山田太郎", "係長", "政策課", "yamada@meti.go.jp")
OTHER = "佐藤花子"
PASSPHRASE = "坂道 黒板 七夕 灯台"


class HereWorkers:
    """Runs the jobs of the real worker in this process; `jobs` replaces single ones."""

    def __init__(self) -> None:
        self.jobs: dict[str, Callable[[Any, Mapping[str, BinaryIO]], Any]] = {
            name: job.run for name, job in JOBS.items()
        }
        self.ran: list[str] = []
        self.batches: list[int] = []
        self.warmed = 0
        self.closed = False

    def run(
        self, job: str, params: Any, files: Mapping[str, BinaryIO], result: Any,
        *, timeout: float | None = None,
    ) -> Any:  # fmt: skip
        del timeout
        self.ran.append(job)
        answer = self.jobs[job](params, files)
        for file in files.values():
            if file.writable():
                file.flush()
        assert isinstance(answer, result)
        return answer

    @contextlib.contextmanager
    def session(self, files: Mapping[str, BinaryIO]) -> Iterator["HereSession"]:
        yield HereSession(self, files)

    def batch(self, documents: int) -> "contextlib.nullcontext[HereWorkers]":
        self.batches.append(documents)
        return contextlib.nullcontext(self)

    def warm(self, families: int) -> None:
        """Note what is asked to be loaded; it is all here."""
        self.warmed |= families

    def layers(self) -> Layers:
        return Layers(landlock=0, seccomp=False, limits=False, network_denied=False)

    def close(self) -> None:
        self.closed = True


class HereSession:
    def __init__(self, workers: HereWorkers, files: Mapping[str, BinaryIO]) -> None:
        self._workers = workers
        self._files = files

    def run(
        self, job: str, params: Any, result: Any, *, uses: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> Any:  # fmt: skip
        files = self._files if uses is None else {role: self._files[role] for role in uses}
        return self._workers.run(job, params, files, result, timeout=timeout)

    def close(self) -> None:
        pass


class MemoryLedger:
    def __init__(self, lock: threading.RLock) -> None:
        self.held: list[Event] = []
        self.failing: Exception | None = None
        self._lock = lock

    def since(self, seq: int) -> Iterator[Event]:
        return iter(self.held[seq:])

    def append(self, kind: str, body: Mapping[str, object], at: datetime) -> Event:
        with self._lock:
            if self.failing is not None:
                raise self.failing
            last = self.held[-1] if self.held else None
            name = f"e{len(self.held) + 1}"
            event = follow(last, event_id=name, kind=kind, at=at.isoformat(), body=body)
            self.held.append(event)
            return event

    def events(
        self, *, kinds: Sequence[str] = (), document: str = "", newest_first: bool = False,
        limit: int = 0,
    ) -> Iterator[Event]:  # fmt: skip
        held = [event for event in self.held if not kinds or event.kind in kinds]
        held = [e for e in held if not document or e.data().get("document") == document]
        ordered = held[::-1] if newest_first else held
        return iter(ordered[:limit] if limit else ordered)

    def search(self, words: str, *, limit: int = 100) -> Sequence[Event]:
        return [event for event in self.held[::-1] if words in event.body][:limit]

    def verify(self) -> ChainState:
        bad = first_bad(self.held)
        return ChainState(len(self.held), intact=bad is None, first_bad=bad.id if bad else None)


class MemoryDocuments:
    def __init__(self, prints: "MemoryPrints") -> None:
        self.rows: dict[str, DocumentRecord] = {}
        self._prints = prints

    def put(self, record: DocumentRecord) -> None:
        before = self.rows.pop(record.id, None)
        self.rows[record.id] = record
        if before is None or (before.digest, before.path) != (record.digest, record.path):
            self._prints.wanted[record.id] = KeptDocument(
                document=record.id, title=record.title, path=record.path,
                file_hash=record.file_hash,
            )  # fmt: skip

    def get(self, document_id: str) -> DocumentRecord | None:
        return self.rows.get(document_id)

    def by_hash(self, file_hash: str) -> DocumentRecord | None:
        return self._newest("file_hash", file_hash)

    def by_digest(self, digest: str) -> DocumentRecord | None:
        return self._newest("digest", digest)

    def recent(self, limit: int = 20) -> Sequence[DocumentRecord]:
        return [*self.rows.values()][::-1][:limit]

    def made_from(self, source: str) -> Sequence[DocumentRecord]:
        return sorted((r for r in self.rows.values() if source in r.sources), key=lambda r: r.id)

    def _newest(self, key: str, value: str) -> DocumentRecord | None:
        held = [row for row in self.rows.values() if value and getattr(row, key) == value]
        return held[-1] if held else None


class MemoryJournal:
    def __init__(self) -> None:
        self.rows: dict[str, Pending] = {}

    def begin(self, pending: Pending) -> None:
        self.rows[pending.id] = pending

    def end(self, pending_id: str) -> None:
        self.rows.pop(pending_id, None)

    def open_operations(self) -> Sequence[Pending]:
        return [*self.rows.values()]


class MemorySettings:
    def __init__(self) -> None:
        self.rows: dict[str, str] = {}

    def get(self, key: str, default: str = "") -> str:
        return self.rows.get(key, default)

    def put(self, key: str, value: str) -> None:
        self.rows[key] = value


class MemoryAnswers:
    def __init__(self) -> None:
        self.rows: dict[str, dict[str, bytes]] = {}

    def load(self, form: str) -> Mapping[str, bytes]:
        return dict(self.rows.get(form, {}))

    def save(self, form: str, link_id: str, answer: bytes) -> None:
        self.rows.setdefault(form, {})[link_id] = answer


class MemoryAgreed:
    def __init__(self) -> None:
        self.rows: dict[str, list[Agreed]] = {}

    def put(self, agreed: Agreed) -> None:
        held = [agreed, *self.rows.get(agreed.recipient, [])]
        self.rows[agreed.recipient] = held[: KEPT + 1]

    def current(self, recipient: str) -> Agreed | None:
        return next(iter(self.of(recipient)), None)

    def of(self, recipient: str) -> Sequence[Agreed]:
        return self.rows.get(recipient, [])

    def all(self) -> Sequence[Agreed]:
        return [self.rows[one][0] for one in sorted(self.rows)]

    def used(self, recipient: str, at: str) -> None:
        held = self.rows[recipient]
        held[0] = replace(held[0], last_used=at)

    def forget(self, recipient: str) -> int:
        return len(self.rows.pop(recipient, []))


class MemoryPrints:
    """Texts by their numbers; a record that is put is waited for, as the triggers do."""

    def __init__(self) -> None:
        self.texts: dict[int, tuple[KeptText, frozenset[int]]] = {}
        self.held: dict[str, tuple[int, KeptDocument]] = {}
        self.wanted: dict[str, KeptDocument] = {}
        self.custom: set[int] = set()

    def put(self, document: KeptDocument, text: KeptText, hashes: Sequence[int]) -> None:
        number = next((n for n, (one, _) in self.texts.items() if one == text), 0)
        number = number or max(self.texts, default=0) + 1
        self.texts[number] = text, frozenset(hashes)
        for name, (_, one) in [*self.held.items()]:
            same = document.path and one.path == document.path and name == one.file_hash
            if same or name == document.document:
                del self.held[name]
        self.held[document.document] = number, document
        self.skip(document.document)

    def forget(self, document: str) -> None:
        self.held.pop(document, None)
        self.skip(document)

    def shared(self, hashes: Sequence[int]) -> Sequence[Shared]:
        numbers = sorted({number for number, _ in self.held.values()})
        rows = [
            Shared(one, tuple(n for n in numbers if one in self.texts[n][1])[: MOST_SHARED + 1])
            for one in sorted(set(hashes))
        ]
        return [row for row in rows if row.texts]

    def text(self, number: int) -> KeptText | None:
        return self.texts[number][0] if number in self.texts else None

    def documents(self, number: int) -> Sequence[KeptDocument]:
        return [one for held, one in self.held.values() if held == number]

    def kept(self, document: str) -> KeptDocument | None:
        return self.held[document][1] if document in self.held else None

    def text_of(self, document: str) -> KeptText | None:
        return self.text(self.held[document][0]) if document in self.held else None

    def waiting(self, limit: int) -> Sequence[KeptDocument]:
        return [*self.wanted.values()][::-1][:limit]

    def to_read(self) -> int:
        return len(self.wanted)

    def want(self, documents: Sequence[KeptDocument]) -> None:
        for one in documents:
            held = self.kept(one.document)
            if held is None or held.file_hash != one.file_hash:
                self.wanted[one.document] = one

    def skip(self, document: str) -> None:
        self.wanted.pop(document, None)

    def ignore(self, hashes: Sequence[int]) -> None:
        self.custom.update(hashes)

    def ignored(self, hashes: Sequence[int]) -> frozenset[int]:
        return frozenset(self.custom.intersection(hashes))

    def merge(self) -> bool:
        return False

    def to_merge(self) -> int:
        return 0


class KeySealer:
    """A real device key that nobody keeps."""

    def __init__(self, seed: int = 0) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes(range(seed, seed + 32)))
        self._opening = ec.derive_private_key(1 + seed, ec.SECP256R1())

    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    def opening_point(self) -> bytes:
        return point_of(self._opening.public_key())

    def agree(self, point: bytes) -> bytes:
        return self._opening.exchange(ec.ECDH(), public_of(point))


class MemoryRecipients:
    def __init__(self) -> None:
        self.rows: dict[str, Recipient] = {}

    def put(self, recipient: Recipient) -> None:
        self.rows[recipient.mail] = recipient

    def get(self, mail: str) -> Recipient | None:
        return self.rows.get(mail)

    def all(self) -> Sequence[Recipient]:
        return sorted(self.rows.values(), key=lambda one: (one.name, one.mail))

    def remove(self, mail: str) -> bool:
        return self.rows.pop(mail, None) is not None


class MemoryStore:
    """All parts; a transaction that fails takes everything back."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.outbox = MemoryOutbox()
        self.mailbox = MemoryMailbox()
        self.ledger = MemoryLedger(self._lock)
        self.prints = MemoryPrints()
        self.documents = MemoryDocuments(self.prints)
        self.journal = MemoryJournal()
        self.settings = MemorySettings()
        self.answers = MemoryAnswers()
        self.agreed = MemoryAgreed()
        self.recipients = MemoryRecipients()
        self.sealer = KeySealer()
        self.closed = False

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            held = [*self.ledger.held], dict(self.documents.rows), dict(self.journal.rows)
            mailbox = self.mailbox.copy()
            try:
                yield
            except BaseException:
                self.ledger.held, self.documents.rows, self.journal.rows = held
                self.mailbox.restore(mailbox)
                raise

    def together(self, work: Callable[[], T]) -> T:
        with self.transaction():
            return work()

    def close(self) -> None:
        self.closed = True

    def everything(self) -> str:
        """Give all that is kept, as one text to look for what must not be kept."""
        parts = (
            self.ledger.held, self.documents.rows, self.journal.rows, self.settings.rows,
            self.answers.rows, self.prints.texts, self.prints.held, self.prints.wanted,
        )  # fmt: skip
        return repr(parts)


CODE = "the code of a backup"


class MemoryOutbox:
    def __init__(self) -> None:
        self.rows: dict[int, OutboxRow] = {}

    def last(self) -> OutboxRow | None:
        return self.rows[max(self.rows)] if self.rows else None

    def put(self, rows: Sequence[OutboxRow]) -> None:
        for row in rows:
            self.rows.setdefault(row.seq, row)

    def after(self, seq: int, limit: int) -> Sequence[OutboxRow]:
        return [self.rows[at] for at in sorted(self.rows) if at > seq][:limit]

    def at(self, seq: int) -> OutboxRow | None:
        return self.rows.get(seq)


class MemoryVault:
    """A store that is locked by one passphrase, and perhaps by a key ring."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self.store = store
        self.passphrase = PASSPHRASE
        self.ring = False
        self.ring_fails = False
        self.failed_before = 0
        self.keys = 1
        self.backups: dict[Path, int] = {}
        self.recovery = b""

    def exists(self) -> bool:
        return self.store is not None

    def create(self, passphrase: str) -> MemoryStore:
        self.store, self.passphrase = MemoryStore(), passphrase
        return self.store

    def open(self, passphrase: str) -> MemoryStore:
        if self.store is None:
            raise EnvironmentProblem("store.missing")
        if passphrase != self.passphrase:
            raise EnvironmentProblem("store.wrong-passphrase")
        return self.store

    def open_with_keyring(self) -> MemoryStore:
        if self.store is None or not self.ring:
            raise EnvironmentProblem("store.keyring-not-set")
        return self.store

    def has_keyring(self) -> bool:
        return self.ring

    def keyring_ready(self) -> bool:
        return True

    def keep_in_keyring(self) -> None:
        if self.ring_fails:
            raise EnvironmentProblem("store.keyring-not-kept")
        self.ring = True

    def back_up_daily(self) -> Path | None:
        return None

    def change_passphrase(self, old: str, new: str) -> None:
        self.open(old)
        self.passphrase = new

    def rekey(self, passphrase: str) -> None:
        self.open(passphrase)
        self.keys += 1
        self.ring = False

    def back_up_key(self, passphrase: str, target: Path) -> str:
        self.open(passphrase)
        self.backups[target] = self.keys
        return CODE

    def restore_key(self, backup: Path, code: str, passphrase: str) -> None:
        if self.backups.get(backup) != self.keys:
            raise InvalidInput("store.backup-foreign", path=str(backup))
        if code != CODE:
            raise InvalidInput("store.wrong-code")
        self.passphrase = passphrase

    def set_recovery(self, passphrase: str, certificate: bytes) -> None:
        self.open(passphrase)
        self.recovery = certificate

    def recovery_certificate(self) -> bytes:
        return self.recovery

    def recover(self, decrypt: Callable[[bytes], bytearray], passphrase: str) -> None:
        if decrypt(b"wrapped") != b"the key":
            raise EnvironmentProblem("store.recovery-refused")
        self.passphrase = passphrase

    def restore_database(self, passphrase: str) -> Path:
        self.open(passphrase)
        return Path("backup")

    def public_keys(self) -> Sequence[bytes]:
        return (self.store.sealer.public_key(),) if self.store else ()

    def health(self) -> Sequence[tuple[str, bool, str]]:
        return (("store.exists", self.exists(), "memory"),)

    def places(self) -> Mapping[str, str]:
        return {"store": "memory"}


@dataclass
class SetClock:
    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


class CountedIds:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    def document_id(self) -> str:
        with self._lock:
            self._count += 1
            return f"{self._count:032x}"

    def token(self, length: int) -> bytes:
        with self._lock:
            self._count += 1
            return bytes((self._count * 37 + n * 101) % 256 for n in range(length))


class PlainWords:
    """Codes instead of sentences."""

    def error(self, code: str, params: Mapping[str, Any], articles: Sequence[str]) -> str:
        return " ".join((code, *map(str, params.values()), *articles))

    def term(self, code: str) -> str:
        return code


@dataclass
class World:
    """One person's device, unlocked, with a folder for documents and one for results."""

    folder: Path
    store: MemoryStore = field(default_factory=MemoryStore)
    workers: HereWorkers = field(default_factory=HereWorkers)
    files: DiskFiles = field(default_factory=DiskFiles)
    clock: SetClock = field(default_factory=SetClock)
    policy: Policy = field(default_factory=shipped_policy)

    def __post_init__(self) -> None:
        self.out = self.folder / "結果"
        self.out.mkdir()
        self.ctx = Context(
            workers=cast("Any", self.workers), files=self.files, clock=self.clock,
            ids=CountedIds(), policy=self.policy, verify=_verify, shipped_table=Table.load,
            words=PlainWords(), store=cast("Any", self.store),
        )  # fmt: skip
        self.ctx.trust([self.store.sealer.public_key()])
        self.ctx.set_person(ME)

    def desk(self) -> Desk:
        """Give the desk over a vault that holds this store."""
        self.vault = MemoryVault(self.store)
        return Desk(self.ctx, cast("Any", self.vault), MemorySettings())

    def locked(self) -> Context:
        """Give the same surroundings without the store."""
        values = {one.name: getattr(self.ctx, one.name) for one in fields(Context)}
        return Context(**(values | {"store": None}))

    def rules(self, **changes: Any) -> None:
        """Let the ministry rule otherwise."""
        import dataclasses

        self.policy = self.ctx.policy = dataclasses.replace(self.policy, **changes)

    def word(self, name: str = "案.docx", text: str = "補助金の審査", header: str = "") -> Path:
        """Write a Word document."""
        made = docx.Document()
        made.core_properties.author = "前田一郎"
        made.add_paragraph(text)
        if header:
            made.sections[0].header.paragraphs[0].text = header
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        made.save(str(path))
        return path

    def text(self, name: str = "メモ.txt", text: str = "会議のメモ") -> Path:
        """Write a file that cannot carry its label inside."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def records(self, kind: str = "") -> list[dict[str, Any]]:
        """Give the bodies of the events of a kind, oldest first."""
        return [e.data() for e in self.store.ledger.held if kind in ("", e.kind)]

    def another(self, name: str = OTHER) -> None:
        """Let somebody else sit down here."""
        self.store.settings.put("person.name", name)


@dataclass
class Watch:
    """Progress that cancels after so many files."""

    stop_after: int = 1 << 30
    seen: list[tuple[int, int, str]] = field(default_factory=list)

    def step(self, done: int, total: int, code: str) -> None:
        self.seen.append((done, total, code))

    @property
    def cancelled(self) -> bool:
        return bool(self.seen) and self.seen[-1][0] >= self.stop_after
