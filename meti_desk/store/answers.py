"""Answers of 自己点検 as they are given, one row per form and item (Art. 92)."""

from collections.abc import Mapping

from meti_desk.store.database import Database


class EncryptedAnswers:
    """Answers as JSON by form version key and link id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, form: str) -> Mapping[str, bytes]:
        """Give the stored answers of a form version key by link id, as JSON."""
        rows = self._database.run(
            "SELECT link_id, answer FROM answers WHERE form = ? ORDER BY link_id", (form,)
        )
        return dict(rows)

    def save(self, form: str, link_id: str, answer: bytes) -> None:
        """Keep one answer durably, in the place of an earlier one."""
        with self._database.transaction():
            self._database.run(
                "INSERT INTO answers (form, link_id, answer) VALUES (?, ?, ?)"
                " ON CONFLICT (form, link_id) DO UPDATE SET answer = excluded.answer",
                (form, link_id, answer),
            )
