"""Passwords agreed with recipients, in the encrypted database alone (Art. 14-1)."""

from collections.abc import Sequence

from meti_desk.domain.agreed import KEPT, Agreed
from meti_desk.store.database import Database

_COLUMNS = "recipient, number, password, agreed_at, told_by, reason, last_used"


class EncryptedAgreed:
    """The book of agreed passwords."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, agreed: Agreed) -> None:
        """Take a password into use for its recipient; the oldest former ones go."""
        with self._database.transaction():
            self._database.run(
                f"INSERT INTO agreed_passwords ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own column names
                (
                    agreed.recipient, agreed.number, agreed.password, agreed.agreed_at,
                    agreed.told_by, agreed.reason, agreed.last_used,
                ),
            )  # fmt: skip
            self._database.run(
                "DELETE FROM agreed_passwords WHERE recipient = ? AND number < ?",
                (agreed.recipient, agreed.number - KEPT),
            )

    def current(self, recipient: str) -> Agreed | None:
        """Give the password in use."""
        return next(iter(self.of(recipient)), None)

    def of(self, recipient: str) -> Sequence[Agreed]:
        """Give the password in use and the former ones, newest first."""
        rows = self._database.run(
            f"SELECT {_COLUMNS} FROM agreed_passwords WHERE recipient = ? ORDER BY number DESC",  # noqa: S608 - our own column names
            (recipient,),
        )
        return [Agreed(*row) for row in rows]

    def all(self) -> Sequence[Agreed]:
        """Give the passwords in use, by recipient."""
        rows = self._database.run(
            f"SELECT {_COLUMNS} FROM agreed_passwords AS held WHERE number ="  # noqa: S608 - our own column names
            " (SELECT max(number) FROM agreed_passwords WHERE recipient = held.recipient)"
            " ORDER BY recipient"
        )
        return [Agreed(*row) for row in rows]

    def used(self, recipient: str, at: str) -> None:
        """Note that the password in use was used."""
        with self._database.transaction():
            self._database.run(
                "UPDATE agreed_passwords SET last_used = ? WHERE recipient = ? AND number ="
                " (SELECT max(number) FROM agreed_passwords WHERE recipient = ?)",
                (at, recipient, recipient),
            )

    def forget(self, recipient: str) -> int:
        """Drop all passwords of a recipient; gives how many there were."""
        with self._database.transaction():
            count = len(self.of(recipient))
            self._database.run("DELETE FROM agreed_passwords WHERE recipient = ?", (recipient,))
        return count
