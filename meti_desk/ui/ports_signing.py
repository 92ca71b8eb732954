"""What the window asks of signatures; `services.signatures.Signatures` has this shape."""

from typing import Protocol

from meti_desk.services.messages import Done
from meti_desk.services.ports import Progress
from meti_desk.services.signing_messages import SignerView, SignRequest, VerifiedFile


class Signatures(Protocol):
    """電子署名: signing and verifying (Art. 14-3)."""

    def signer(self) -> SignerView:
        """Tell by whose key the person would sign, and which authority stamps the time."""

    def sign(self, request: SignRequest, progress: Progress | None = None) -> Done:
        """Sign files: PDFs inside, any other beside it."""

    def verify(
        self, paths: tuple[str, ...], content: str = "", progress: Progress | None = None
    ) -> tuple[VerifiedFile, ...]:
        """Tell of every signature of each file; writes nothing."""
