"""The area of signatures (電子署名): who would sign, signing, verifying (Arts. 14-3, 28-30)."""

from collections.abc import Sequence

from meti_desk.services.context import Context
from meti_desk.services.messages import Done
from meti_desk.services.ports import Progress
from meti_desk.services.signing_messages import SignerView, SignRequest, VerifiedFile


class Signatures:
    """Signing and verifying; methods block and may be called from any thread."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def signer(self) -> SignerView:
        """Tell by whose key the person would sign, without opening it."""
        from meti_desk.services import own_key, signing

        held = own_key.where(self._ctx)
        name, ends = _named(held.certificate)
        return SignerView(
            kind=held.kind,
            where=held.path or held.token,
            name=name,
            ends=ends,
            authority=signing.authority_of(self._ctx),
        )

    def sign(self, request: SignRequest, progress: Progress | None = None) -> Done:
        """Sign files: PDFs inside, any other beside it."""
        from meti_desk.services import signing

        return signing.sign(self._ctx, request, progress)

    def verify(
        self, paths: Sequence[str], content: str = "", progress: Progress | None = None
    ) -> tuple[VerifiedFile, ...]:
        """Tell of every signature of each file; works while locked."""
        from meti_desk.services import verifying

        return verifying.verify(self._ctx, tuple(paths), content=content, progress=progress)


def _named(certificate: bytes) -> tuple[str, str]:
    """Give the owner's name and the end of a certificate that this program kept itself."""
    if not certificate:
        return "", ""
    from asn1crypto import x509

    from meti_desk.protection.signing.build import name_of

    held = x509.Certificate.load(certificate)
    return name_of(held), held.not_valid_after.isoformat()
