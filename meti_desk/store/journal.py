"""Operations under way: what `services.recovery` finishes or takes back at the next start."""

from collections.abc import Sequence

from meti_desk.domain.records import Pending
from meti_desk.store.database import Database


class EncryptedJournal:
    """Begun operations in the order of their beginning; durable before the files are touched."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, pending: Pending) -> None:
        """Remember durably; beginning the same id again replaces what was told of it."""
        with self._database.joined():
            self.end(pending.id)
            self._database.run(
                "INSERT INTO journal (id, temporary, final, result_hash, event_kind, event_body)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    pending.id,
                    pending.temporary,
                    pending.final,
                    pending.result_hash,
                    pending.event_kind,
                    pending.event_body,
                ),
            )

    def end(self, pending_id: str) -> None:
        """Forget: the operation is finished or undone; ending twice does no harm."""
        with self._database.joined():
            self._database.run("DELETE FROM journal WHERE id = ?", (pending_id,))

    def open_operations(self) -> Sequence[Pending]:
        """Give what was begun and not ended, oldest first."""
        rows = self._database.run(
            "SELECT id, temporary, final, result_hash, event_kind, event_body"
            " FROM journal ORDER BY place"
        )
        return tuple(
            Pending(
                id=identity,
                temporary=temporary,
                final=final,
                result_hash=result_hash,
                event_kind=kind,
                event_body=body,
            )
            for identity, temporary, final, result_hash, kind, body in rows
        )
