"""How the tables came to be, step by step: forward only, one transaction a step.

A step that was released is never changed; a change is a new step at the end. The number of the last
step stands in `user_version` of the database.
"""

from collections.abc import Callable

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store.database import Database
from meti_desk.store.words import index_all

Step = Callable[[Database], None]

_TABLES = (
    # 取扱記録. What the document is follows from the body and can say nothing else.
    """
    CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        version INTEGER NOT NULL,
        at TEXT NOT NULL,
        body TEXT NOT NULL,
        prev_hash TEXT NOT NULL,
        hash TEXT NOT NULL,
        document TEXT GENERATED ALWAYS AS
            (CASE WHEN json_valid(body) THEN body ->> '$.document' END) VIRTUAL
    ) STRICT
    """,
    "CREATE INDEX events_kind ON events (kind, seq)",
    "CREATE INDEX events_document ON events (document, seq)",
    # Where the chain ends, so that events taken off its end are missed.
    """
    CREATE TABLE chain_head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        seq INTEGER NOT NULL,
        id TEXT NOT NULL,
        hash TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TRIGGER events_in_order BEFORE INSERT ON events
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
    BEGIN SELECT RAISE(ABORT, 'ledger: out of order'); END
    """,
    """
    CREATE TRIGGER events_head AFTER INSERT ON events BEGIN
        INSERT INTO chain_head VALUES (1, NEW.seq, NEW.id, NEW.hash)
        ON CONFLICT (one) DO UPDATE SET seq = NEW.seq, id = NEW.id, hash = NEW.hash;
    END
    """,
    """
    CREATE TRIGGER events_unchanged BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'ledger: append-only'); END
    """,
    """
    CREATE TRIGGER events_kept BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'ledger: append-only'); END
    """,
    # Documents and from what they were made (Art. 6).
    """
    CREATE TABLE documents (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        path TEXT NOT NULL,
        file_hash TEXT NOT NULL,
        digest TEXT NOT NULL,
        label TEXT NOT NULL,
        handling TEXT NOT NULL,
        decided_by TEXT NOT NULL,
        decided_at TEXT NOT NULL,
        touched INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX documents_hash ON documents (file_hash, touched)",
    "CREATE INDEX documents_digest ON documents (digest, touched)",
    "CREATE INDEX documents_touched ON documents (touched)",
    """
    CREATE TABLE document_sources (
        document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        source TEXT NOT NULL,
        PRIMARY KEY (document, place)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX document_sources_source ON document_sources (source)",
    # Operations under way.
    """
    CREATE TABLE journal (
        place INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        temporary TEXT NOT NULL,
        final TEXT NOT NULL,
        result_hash TEXT NOT NULL,
        event_kind TEXT NOT NULL,
        event_body BLOB NOT NULL
    ) STRICT
    """,
    "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """
    CREATE TABLE answers (
        form TEXT NOT NULL,
        link_id TEXT NOT NULL,
        answer BLOB NOT NULL,
        PRIMARY KEY (form, link_id)
    ) STRICT, WITHOUT ROWID
    """,
    # The device key: its private half is nowhere else.
    """
    CREATE TABLE device_key (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        private BLOB NOT NULL,
        public BLOB NOT NULL
    ) STRICT
    """,
)

_SEARCH = (
    # Trigrams without positions: small and quick; what they offer is checked against the body.
    """
    CREATE VIRTUAL TABLE event_words USING fts5
        (words, content = '', tokenize = 'trigram case_sensitive 1', detail = none)
    """,
    "CREATE VIRTUAL TABLE event_terms USING fts5vocab (event_words, instance)",
)

_PRINTS = (
    # Texts that were seen and their fingerprints (Art. 6). Equal texts are kept once.
    """
    CREATE TABLE texts (
        number INTEGER PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE,
        text BLOB NOT NULL,
        prints BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE text_documents (
        document TEXT PRIMARY KEY,
        number INTEGER NOT NULL REFERENCES texts (number),
        title TEXT NOT NULL,
        path TEXT NOT NULL,
        file_hash TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX text_documents_number ON text_documents (number)",
    "CREATE INDEX text_documents_path ON text_documents (path)",
    # hash << 20 | number, and nothing else; the new ones apart, until they are merged.
    "CREATE TABLE prints (key INTEGER PRIMARY KEY) STRICT",
    "CREATE TABLE prints_new (key INTEGER PRIMARY KEY) STRICT",
    "CREATE TABLE prints_ignored (hash INTEGER PRIMARY KEY) STRICT",
    # What is still to be read: noted where the record is written, so that deciding costs nothing.
    """
    CREATE TABLE prints_wanted (
        place INTEGER PRIMARY KEY,
        document TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        path TEXT NOT NULL,
        file_hash TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TRIGGER documents_read AFTER INSERT ON documents WHEN NEW.path <> '' BEGIN
        INSERT OR REPLACE INTO prints_wanted (document, title, path, file_hash)
        VALUES (NEW.id, NEW.title, NEW.path, NEW.file_hash);
    END
    """,
    # Another label or mark leaves the content digest as it is: then there is nothing to read.
    """
    CREATE TRIGGER documents_reread AFTER UPDATE ON documents
    WHEN NEW.path <> '' AND (NEW.digest IS NOT OLD.digest OR NEW.digest = ''
        OR NEW.path IS NOT OLD.path) BEGIN
        INSERT OR REPLACE INTO prints_wanted (document, title, path, file_hash)
        VALUES (NEW.id, NEW.title, NEW.path, NEW.file_hash);
    END
    """,
    """
    INSERT INTO prints_wanted (document, title, path, file_hash)
    SELECT id, title, path, file_hash FROM documents WHERE path <> '' ORDER BY touched
    """,
)

_AGREED = (
    # Passwords agreed with somebody for the files that go there (Art. 14-1): the one in use has
    # the highest number, a few former ones open what was sent before.
    """
    CREATE TABLE agreed_passwords (
        recipient TEXT NOT NULL,
        number INTEGER NOT NULL,
        password TEXT NOT NULL,
        agreed_at TEXT NOT NULL,
        told_by TEXT NOT NULL,
        reason TEXT NOT NULL,
        last_used TEXT NOT NULL,
        PRIMARY KEY (recipient, number)
    ) STRICT, WITHOUT ROWID
    """,
)

_RECIPIENTS = (
    # 宛先: to whom files are given, and their certificates (Art. 14-2).
    """
    CREATE TABLE recipients (
        mail TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        organisation TEXT NOT NULL,
        accepts TEXT NOT NULL,
        blocks INTEGER NOT NULL,
        note TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE recipient_certificates (
        mail TEXT NOT NULL REFERENCES recipients (mail),
        place INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        data BLOB NOT NULL,
        facts BLOB NOT NULL,
        added_at TEXT NOT NULL,
        between_ca INTEGER NOT NULL,
        confirmed_by TEXT NOT NULL,
        confirmed_at TEXT NOT NULL,
        PRIMARY KEY (mail, place)
    ) STRICT, WITHOUT ROWID
    """,
)

_OUTBOX = (
    # The device's log for the server: entries stay as they were hashed, sent or not.
    """
    CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL,
        prev BLOB NOT NULL, hash BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TRIGGER outbox_unchanged BEFORE UPDATE ON outbox
    BEGIN SELECT RAISE(ABORT, 'outbox: append-only'); END
    """,
    """
    CREATE TRIGGER outbox_kept BEFORE DELETE ON outbox
    BEGIN SELECT RAISE(ABORT, 'outbox: append-only'); END
    """,
)

_MAILBOX = (
    # What is sent with an event beside its facts, at the event's place.
    "CREATE TABLE said (seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT",
    "CREATE TABLE cursors (topic TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    # The newest state of each thing that the server told, or that waits for its answer.
    """
    CREATE TABLE held (
        kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, state TEXT NOT NULL,
        body BLOB NOT NULL, at TEXT NOT NULL, PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX held_state ON held (kind, state, at)",
)


def _first(database: Database) -> None:
    for statement in _TABLES:
        database.run(statement)


def _search(database: Database) -> None:
    for statement in _SEARCH:
        database.run(statement)
    index_all(database)


def _prints(database: Database) -> None:
    for statement in _PRINTS:
        database.run(statement)


def _agreed(database: Database) -> None:
    for statement in _AGREED:
        database.run(statement)


def _recipients(database: Database) -> None:
    for statement in _RECIPIENTS:
        database.run(statement)


def _outbox(database: Database) -> None:
    for statement in _OUTBOX:
        database.run(statement)


def _mailbox(database: Database) -> None:
    for statement in _MAILBOX:
        database.run(statement)


STEPS: tuple[Step, ...] = (_first, _search, _prints, _agreed, _recipients, _outbox, _mailbox)
"""All steps in order; the first makes version 1."""


def version(database: Database) -> int:
    """Give the number of steps that a database has seen; 0 is an empty one."""
    return int(database.run("PRAGMA user_version")[0][0])


def migrate(
    database: Database, *, before: Callable[[], object] | None = None, upto: int = len(STEPS)
) -> None:
    """Bring a database to version `upto`; a step that fails leaves the one before it.

    `before` (the backup) runs once before the first step of a database that holds something.
    `store.newer` when a later version of the application made it.
    """
    found = version(database)
    if found > len(STEPS):
        raise EnvironmentProblem("store.newer", found=found, known=len(STEPS))
    if found and found < upto and before is not None:
        before()
    for number in range(found, upto):
        with database.transaction():
            if version(database) > number:
                continue  # another process was quicker
            STEPS[number](database)
            database.run(f"PRAGMA user_version = {number + 1}")
