"""What goes to the server beside the facts, and what came from it.

What a person says to others (a request, a decision) stands at the place of its event in 取扱記録
and is sent with it. What the server told is kept as the newest state of each thing.
"""

from collections.abc import Mapping, Sequence

from meti_desk.domain.mailbox import Held
from meti_desk.store.database import Database


class EncryptedMailbox:
    """What was said and heard."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def say(self, seq: int, body: bytes) -> None:
        """Keep what is sent with an event; in the transaction of the event."""
        self._database.run("INSERT INTO said VALUES (?, ?)", (seq, body))

    def said(self, seq: int) -> bytes:
        """Give what goes with an event, or nothing."""
        rows = self._database.run("SELECT body FROM said WHERE seq = ?", (seq,))
        return rows[0][0] if rows else b""

    def cursors(self) -> Mapping[str, int]:
        """Give how far each topic was taken."""
        return dict(self._database.run("SELECT topic, version FROM cursors"))

    def move(self, topic: str, version: int) -> None:
        """Note how far a topic was taken; in the transaction of what it brought."""
        self._database.run(
            "INSERT INTO cursors VALUES (?, ?)"
            " ON CONFLICT (topic) DO UPDATE SET version = excluded.version",
            (topic, version),
        )

    def put(self, held: Held) -> bool:
        """Keep a state unless the same or a newer one is here; tells whether it was kept.

        One without revision (our own, unanswered) may be written again.
        """
        rows = self._database.run(
            "INSERT INTO held VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET"
            " revision = excluded.revision, state = excluded.state, body = excluded.body,"
            " at = excluded.at WHERE excluded.revision > held.revision"
            " OR (excluded.revision = 0 AND held.revision = 0) RETURNING 1",
            tuple(held),
        )
        return bool(rows)

    def get(self, kind: str, identity: str) -> Held | None:
        """Find a thing."""
        rows = self._database.run(
            "SELECT kind, id, revision, state, body, at FROM held WHERE kind = ? AND id = ?",
            (kind, identity),
        )
        return Held(*rows[0]) if rows else None

    def of(self, kind: str, state: str = "") -> Sequence[Held]:
        """List things of a kind, in one state or all, the newest first."""
        rows = self._database.run(
            "SELECT kind, id, revision, state, body, at FROM held"
            " WHERE kind = ? AND (? = '' OR state = ?) ORDER BY at DESC, id",
            (kind, state, state),
        )
        return [Held(*row) for row in rows]

    def drop(self, kind: str, identity: str) -> None:
        """Forget one thing, whatever its revision; the engine overwrites its bytes."""
        self._database.run("DELETE FROM held WHERE kind = ? AND id = ?", (kind, identity))

    def forget(self, also: str = "") -> None:
        """Forget what a server told: this device leaves it. What waits for an answer stays.

        Of the kind `also` nothing stays.
        """
        with self._database.transaction():
            self._database.run("DELETE FROM cursors")
            self._database.run("DELETE FROM held WHERE revision > 0 OR kind = ?", (also,))
