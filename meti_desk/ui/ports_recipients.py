"""What the window asks of the address book and of the own key; the services have these shapes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from meti_desk.protection.keys.pkcs11 import TokenFacts
    from meti_desk.services.closing import Closing
    from meti_desk.services.messages import HandleRequest
    from meti_desk.services.own_key import OwnKeyView
    from meti_desk.services.proposing import Proposal
    from meti_desk.services.recipient_messages import (
        CertificateView,
        Imported,
        ImportRequest,
        RecipientRequest,
        RecipientView,
    )


class Recipients(Protocol):
    """宛先 (Art. 14-2); `services.recipients` has this shape."""

    def list(self, words: str = "") -> "tuple[RecipientView, ...]":
        """Give the recipients in whom all of the words are found."""

    def put(self, request: "RecipientRequest") -> "RecipientView":
        """Add a recipient or change one."""

    def remove(self, mail: str) -> None:
        """Drop a recipient with the certificates."""

    def look_at(self, path: str) -> "tuple[CertificateView, ...]":
        """Tell what certificates a file holds."""

    def import_from(self, request: "ImportRequest") -> "Imported":
        """Take the certificates of a file."""

    def confirm(self, mail: str, fingerprint: str) -> "RecipientView":
        """Note that a fingerprint was compared by phone."""

    def remove_certificate(self, mail: str, fingerprint: str) -> "RecipientView":
        """Drop a certificate."""

    def propose(self, paths: Sequence[str], mails: Sequence[str]) -> "Proposal":
        """Propose a method, with its reason."""

    def closing(self, request: "HandleRequest") -> "Closing":
        """Tell how the files of an act would be protected, and why."""


class OwnKey(Protocol):
    """Where the person's own key lies (Art. 14-3); `services.own_key` has this shape."""

    def show(self) -> "OwnKeyView":
        """Show it, with its certificate as it is judged now."""

    def use_p12(self, path: str, password: str | None = None) -> "OwnKeyView":
        """Name a PKCS#12 file."""

    def use_card(self, module: str, *, serial: str = "") -> "OwnKeyView":
        """Name a card."""

    def forget(self) -> None:
        """Name no key any more."""

    def modules(self) -> tuple[str, ...]:
        """Give the modules of cards that lie here."""

    def cards(self, module: str) -> "tuple[TokenFacts, ...]":
        """List the cards in the readers of a module."""
