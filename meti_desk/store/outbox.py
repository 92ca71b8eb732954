"""The device log: what of 取扱記録 goes to the server, kept as it was hashed.

An entry stands at the place that its event has in 取扱記録. Entries stay after they were sent: a
server that was restored from a backup asks for them again.
"""

from collections.abc import Sequence

from meti_desk.domain.outbox import OutboxRow
from meti_desk.store.database import Database


class EncryptedOutbox:
    """The log of this device."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self) -> OutboxRow | None:
        """Give the newest entry."""
        rows = self._database.run(
            "SELECT seq, kind, version, body, prev, hash FROM outbox ORDER BY seq DESC LIMIT 1"
        )
        return OutboxRow(*rows[0]) if rows else None

    def put(self, rows: Sequence[OutboxRow]) -> None:
        """Append entries, all or none; what is at its place already stays."""
        with self._database.transaction():
            for row in rows:
                self._database.run(
                    "INSERT OR IGNORE INTO outbox VALUES (?, ?, ?, ?, ?, ?)", tuple(row)
                )

    def after(self, seq: int, limit: int) -> Sequence[OutboxRow]:
        """Give entries behind a place, in order."""
        rows = self._database.run(
            "SELECT seq, kind, version, body, prev, hash FROM outbox WHERE seq > ?"
            " ORDER BY seq LIMIT ?",
            (seq, limit),
        )
        return [OutboxRow(*row) for row in rows]

    def at(self, seq: int) -> OutboxRow | None:
        """Give the entry at a place."""
        rows = self._database.run(
            "SELECT seq, kind, version, body, prev, hash FROM outbox WHERE seq = ?", (seq,)
        )
        return OutboxRow(*rows[0]) if rows else None
