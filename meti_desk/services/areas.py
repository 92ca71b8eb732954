"""Parts of the desk that are objects of their own, made when they are first asked for."""

from typing import TYPE_CHECKING

from meti_desk.services.unlocking import Unlocking

if TYPE_CHECKING:
    from meti_desk.services.emergency import Emergency
    from meti_desk.services.own_key import OwnKeys
    from meti_desk.services.passwords import Passwords
    from meti_desk.services.permits import Permits
    from meti_desk.services.published import PublishedView
    from meti_desk.services.recipients import Recipients
    from meti_desk.services.register import Register
    from meti_desk.services.reviews import Reviews
    from meti_desk.services.selfcheck import SelfChecks
    from meti_desk.services.signatures import Signatures
    from meti_desk.services.splits import Splits
    from meti_desk.services.store_keys import StoreKeys
    from meti_desk.services.syncing import Syncing


class Areas(Unlocking):
    """The areas of work that have an object of their own.

    A new area is a property here: it imports its module when it is asked for, so that nobody
    waits for what he does not use.
    """

    @property
    def selfcheck(self) -> "SelfChecks":
        """The self-check (Arts. 91-92), in the language of the window."""
        return self.selfcheck_in(None)

    def selfcheck_in(self, language: str | None) -> "SelfChecks":
        """Give the self-check in `ja` or `en`; `None`: in the language of the window."""
        from meti_desk.services.selfcheck import SelfChecks

        chosen = language or self._look.get("language")
        from meti_desk.services.forms_published import sheets

        return SelfChecks(self._ctx, lambda: sheets(self._ctx), "en" if chosen == "en" else "ja")

    def published(self) -> "PublishedView":
        """Tell which 取扱方針 and which forms are in force, and from where they came."""
        from meti_desk.services import published

        return published.view(self._ctx)

    @property
    def store_keys(self) -> "StoreKeys":
        """The key of the store: passphrase, backup, recovery, another key (Arts. 30-2, 30-4)."""
        from meti_desk.services.store_keys import StoreKeys

        return StoreKeys(self._ctx, self._vault, self)

    @property
    def splits(self) -> "Splits":
        """Splitting a document over different ways, and joining it again (Art. 14-5)."""
        from meti_desk.services.splits import Splits

        return Splits(self._ctx)

    @property
    def passwords(self) -> "Passwords":
        """Passwords: made, judged, agreed with recipients, read out (Arts. 14-1, 20-1(4))."""
        from meti_desk.services.passwords import Passwords

        return Passwords(self._ctx)

    @property
    def signatures(self) -> "Signatures":
        """Signing and verifying documents (電子署名, Art. 14-3)."""
        from meti_desk.services.signatures import Signatures

        return Signatures(self._ctx)

    @property
    def recipients(self) -> "Recipients":
        """The address book (宛先): what each can receive, and their certificates (Art. 14-2)."""
        from meti_desk.services.recipients import Recipients

        return Recipients(self._ctx)

    @property
    def own_key(self) -> "OwnKeys":
        """Where the person's own key lies: a PKCS#12 file or a card (Arts. 14-3, 30)."""
        from meti_desk.services.own_key import OwnKeys

        return OwnKeys(self._ctx)

    @property
    def emergency(self) -> "Emergency":
        """The table of algorithms, and what to do when one is compromised (Art. 30-2)."""
        from meti_desk.services.emergency import Emergency

        return Emergency(self._ctx)

    @property
    def syncing(self) -> "Syncing":
        """Enrolment with the ministry's server, and the way of the records to it."""
        from meti_desk.services.syncing import Syncing
        from meti_desk.sync.line import HttpLine

        return Syncing(self._ctx, HttpLine())

    @property
    def reviews(self) -> "Reviews":
        """Labels to be judged, and orders to correct one (確認, Art. 4-2)."""
        from meti_desk.services.reviews import Reviews

        return Reviews(self._ctx)

    @property
    def register(self) -> "Register":
        """The 機密性3情報管理簿 (Art. 11-2)."""
        from meti_desk.services.register import Register

        return Register(self._ctx)

    @property
    def permits(self) -> "Permits":
        """Permits: asked for, decided, in force, reported (Arts. 13, 77)."""
        from meti_desk.services.permits import Permits

        return Permits(self._ctx)
