"""The key of the store as the window sees it, kept in memory."""

from collections.abc import Callable

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.services.store_keys import StoreKeysView

CODE = "23456-789AB-CDEFG-HJKMN-PQRST-UVWXY"


class FakeStoreKeys:
    """One passphrase, one backup with one code."""

    def __init__(self, passphrase: Callable[[], str], change: Callable[[str], None]) -> None:
        self._passphrase, self._change = passphrase, change
        self.backed_up = ""
        self.written: list[str] = []
        self.renewed = 0
        self.recovery = ""

    def status(self) -> StoreKeysView:
        return StoreKeysView(
            exists=True, unlocked=True, keyring=False,
            backed_up=self.backed_up, recovery=self.recovery,
        )  # fmt: skip

    def change_passphrase(self, old: str, new: str) -> None:
        self._check(old)
        self._change(new)

    def rekey(self, passphrase: str) -> None:
        self._check(passphrase)
        self.renewed += 1

    def back_up(self, passphrase: str, target: str) -> str:
        self._check(passphrase)
        if target in self.written:
            raise InvalidInput("store.backup-exists", path=target)
        self.written.append(target)
        self.backed_up = "2026-11-20T10:00:00+09:00"
        return CODE

    def restore(self, backup: str, code: str, passphrase: str) -> None:
        if backup not in self.written:
            raise EnvironmentProblem("store.missing", path=backup)
        if code != CODE:
            raise InvalidInput("store.wrong-code")
        self._change(passphrase)

    def _check(self, passphrase: str) -> None:
        if passphrase != self._passphrase():
            raise EnvironmentProblem("store.wrong-passphrase")
