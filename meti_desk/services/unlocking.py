"""The way into the store and out of it, as every desk offers it."""

from typing import TYPE_CHECKING

from meti_desk.domain.errors import EnvironmentProblem, RuleViolation
from meti_desk.services.context import Context
from meti_desk.services.messages import Person, StoreState

if TYPE_CHECKING:
    from meti_desk.services.ports import Settings, Store
    from meti_desk.services.ports_vault import Vault

PLACE, PLACE_DAY = "place", "place.day"
INSIDE, OUTSIDE = "inside", "outside"


class Unlocking:
    """First run, unlocking and locking; holds what a desk is made of.

    `look` holds the settings that are readable while the store is locked: appearance, language.
    """

    def __init__(self, ctx: Context, vault: "Vault", look: "Settings") -> None:
        self._ctx = ctx
        self._vault = vault
        self._look = look

    def state(self) -> StoreState:
        """Tell whether there is a store and whether it is open."""
        if self._ctx.store is not None:
            return "open"
        return "locked" if self._vault.exists() else "new"

    def keyring_ready(self) -> bool:
        """Tell whether a real key ring of the system can hold the key."""
        return self._vault.keyring_ready()

    def create(self, passphrase: str, person: Person, *, use_keyring: bool = False) -> None:
        """Make the encrypted store, note who works here and open it."""
        if self._ctx.store is not None:
            raise EnvironmentProblem("store.exists")
        self._opened(self._vault.create(passphrase))
        # First the person: a key ring that fails must not leave a store that is nobody's.
        self._ctx.set_person(person)
        if use_keyring:
            self._vault.keep_in_keyring()

    def unlock(self, passphrase: str = "", *, inside: bool = False) -> None:
        """Open the store; an empty passphrase asks the key ring.

        `inside`: the person declares to be inside the 要管理対策区域. Outside it the key ring alone
        is not enough, because who takes the device away takes the key ring with it: raises
        `RuleViolation("store.keyring-outside")`. Wrong passphrases are counted and recorded.
        """
        if self._ctx.store is not None:
            return
        if passphrase:
            self._opened(self._vault.open(passphrase))
            self._record_failures()
            return
        if not inside:
            raise RuleViolation("store.keyring-outside")
        self._opened(self._vault.open_with_keyring())

    def failed_before(self) -> int:
        """Tell how many wrong passphrases came before the one that opened the store."""
        return self._vault.failed_before

    def declare_place(self, *, inside: bool) -> None:
        """Keep what the person declares about the place, for today (Art. 2 (36))."""
        self._look.put(PLACE_DAY, self._ctx.clock.now().date().isoformat())
        self._look.put(PLACE, INSIDE if inside else OUTSIDE)

    def declared_inside(self) -> bool:
        """Tell whether the person declared today to be inside; outside by default."""
        today = self._ctx.clock.now().date().isoformat()
        return self._look.get(PLACE) == INSIDE and self._look.get(PLACE_DAY) == today

    def has_keyring(self) -> bool:
        """Tell whether the key ring opens this store."""
        return self._vault.has_keyring()

    def back_up_daily(self) -> bool:
        """Copy the open record once a day, proven, under its own key; tells whether it did.

        Runs while nobody waits; `doctor` tells when it was done last.
        """
        self._ctx.open_store()
        return self._vault.back_up_daily() is not None

    def lock(self) -> None:
        """Drop the key and close the store."""
        store, self._ctx.store = self._ctx.store, None
        if store is not None:
            store.close()

    def close(self) -> None:
        """End: lock and stop the workers."""
        self.lock()
        self._ctx.workers.close()

    def _record_failures(self) -> None:
        failed = self._vault.failed_before
        if failed and self._ctx.store is not None:
            from meti_desk.domain import events_store

            body = events_store.store_body(what="unlock-failures", count=failed)
            self._ctx.store.ledger.append(events_store.STORE, body, self._ctx.clock.now())

    def _opened(self, store: "Store") -> None:
        self._ctx.store = store
        self._ctx.trust(self._vault.public_keys())
        from meti_desk.domain import events_published
        from meti_desk.services import writing

        try:
            writing.recover(self._ctx)
            if any(store.settings.get(key) for key in events_published.KEPT):
                from meti_desk.services import published

                published.again(self._ctx)
                published.put_in_force(self._ctx)
        except BaseException:
            # Nobody works on with a store whose last operations are not settled.
            self.lock()
            raise
