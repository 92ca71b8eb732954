"""The tables of the first released server, word for word; its `user_version` was 1."""

FIRST = (
    """
    CREATE TABLE people (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, mail TEXT NOT NULL,
        role TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE codes (
        hash BLOB PRIMARY KEY, person TEXT NOT NULL, expires INTEGER NOT NULL,
        used_at INTEGER, device TEXT
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE devices (
        id TEXT PRIMARY KEY, person TEXT NOT NULL, name TEXT NOT NULL, public BLOB NOT NULL,
        enrolled_at INTEGER NOT NULL, revoked_at INTEGER, last_seq INTEGER NOT NULL DEFAULT 0,
        head BLOB NOT NULL, seen_at INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE events (
        device TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL,
        body BLOB NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL, received_at INTEGER NOT NULL,
        PRIMARY KEY (device, seq)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE chain (
        entry INTEGER PRIMARY KEY, at INTEGER NOT NULL, what BLOB NOT NULL,
        prev BLOB NOT NULL, hash BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE nonces (
        device TEXT NOT NULL, nonce BLOB NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (device, nonce)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX nonces_at ON nonces (at)",
    """
    CREATE TRIGGER events_unchanged BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER events_kept BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER chain_unchanged BEFORE UPDATE ON chain
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER chain_kept BEFORE DELETE ON chain
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
)
