"""The address book as the services need it from the store; implemented in `meti_desk.store`."""

from collections.abc import Sequence
from typing import Protocol

from meti_desk.domain.recipients import Recipient


class RecipientBook(Protocol):
    """宛先, one per mail address."""

    def put(self, recipient: Recipient) -> None:
        """Insert or replace, with all certificates, in one transaction."""

    def get(self, mail: str) -> Recipient | None:
        """Find by the mail address in small letters."""

    def all(self) -> Sequence[Recipient]:
        """Give all, by name and mail address."""

    def remove(self, mail: str) -> bool:
        """Drop one with its certificates; tells whether it was there."""
