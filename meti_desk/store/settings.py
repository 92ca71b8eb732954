"""Small values of this person on this device: who I am, theme, standing choices."""

from meti_desk.store.database import Database


class EncryptedSettings:
    """Values by key, both text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str, default: str = "") -> str:
        """Read a value."""
        rows = self._database.run("SELECT value FROM settings WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else default

    def put(self, key: str, value: str) -> None:
        """Write a value durably."""
        with self._database.transaction():
            self._database.run(
                "INSERT INTO settings (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            )
