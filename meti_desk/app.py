"""Composition root: builds the real objects and hands them to the services; nothing else."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meti_desk.protection.cryptrec import Table
    from meti_desk.services.desk import Desk
    from meti_desk.services.messages import StoreState
    from meti_desk.services.ports import Settings
    from meti_desk.shell.entries import Row
    from meti_desk.wording import Wording

LOOK = "look.json"
"""Settings of appearance, beside the store; readable while it is locked."""
SEEN = "seen.json"
"""The highest numbers of what the centre published; a restored store does not take them back."""


def main(argv: Sequence[str]) -> int:
    """Run a command, or open the window with the files that were named."""
    from meti_desk.shell.selection import files_to_open
    from meti_desk.system.hardening import harden

    harden()
    if argv[:1] == ["demo"]:
        from meti_desk.ui.demo.run import run_demo

        return run_demo(make_desk, " ".join(argv[1:2]))
    files = files_to_open(argv)
    if files is not None:
        import gc

        gc.set_threshold(20_000, 20, 20)  # as in `light`, which loads too much for the first page
        from meti_desk.ui.app import run as run_window

        return run_window(lambda: make_desk(None), files, Glance(_folder(None)))
    from meti_desk import light

    light.end_quickly()
    from meti_desk.cli.run import run

    return run(argv, make_desk, shell_entries)


def shell_entries(part: str) -> "list[Row]":
    """Do `install`, `uninstall` or `status` of the right-click entries."""
    from meti_desk.shell import entries

    parts = {
        "install": entries.install,
        "uninstall": entries.uninstall,
        "status": entries.status,
    }
    return parts[part]()


def make_desk(store: str | None) -> "Desk":
    """Build the desk over the real store, workers, files and clock.

    `store` is the store's folder; `None` means `METI_DESK_STORE` or the platform's data folder.
    """
    from meti_desk import light  # noqa: F401 - first, for a quick start
    from meti_desk.isolation.choose import workers
    from meti_desk.services.context import Context
    from meti_desk.services.desk import Desk
    from meti_desk.standard.policy_file import shipped_policy
    from meti_desk.store.vault import FolderVault
    from meti_desk.system.clock import SystemClock
    from meti_desk.system.files import DiskFiles
    from meti_desk.system.ids import SystemIds
    from meti_desk.system.look import LookFile

    folder = _folder(store)
    vault = FolderVault(folder)
    look = LookFile(folder / LOOK)
    context = Context(
        workers=workers(),
        files=DiskFiles(),
        clock=SystemClock(),
        ids=SystemIds(),
        policy=shipped_policy(),
        verify=_verify,
        shipped_table=_table,
        words=Sentences(look),
        memory=lambda: LookFile(folder / SEEN),
    )
    context.trust(vault.public_keys())
    return Desk(context, vault, look)


def _folder(store: str | None) -> Path:
    chosen = store or os.environ.get("METI_DESK_STORE")
    if chosen:
        return Path(chosen)
    from meti_desk.system.place import data_folder

    return data_folder()


class Glance:
    """What the window's first page needs to know, told without making the desk."""

    def __init__(self, folder: Path) -> None:
        from meti_desk.system.look import LookFile

        self._folder = folder
        self._look = LookFile(folder / LOOK)

    def state(self) -> "StoreState":
        """Tell whether there is a store; it cannot be open yet."""
        from meti_desk.store import names

        return "locked" if (self._folder / names.KEY).is_file() else "new"

    def setting(self, key: str, default: str = "") -> str:
        """Read a setting of appearance."""
        return self._look.get(key, default)


class Sentences:
    """The sentences of reports, in the language of the window; read when the first is needed."""

    def __init__(self, look: "Settings") -> None:
        self._look = look

    @property
    def _texts(self) -> "Wording":
        from meti_desk.wording import wording

        return wording("en" if self._look.get("language") == "en" else "ja")

    def error(self, code: str, params: Mapping[str, str | int], articles: Sequence[str]) -> str:
        """Tell an error: cause, articles, remedy."""
        return self._texts.error(code, params, articles).text()

    def term(self, code: str) -> str:
        """Give the word for a code."""
        return self._texts.term(code)


def _table() -> "Table":
    """Read the CRYPTREC table; imported here because most commands ask for no algorithm."""
    from meti_desk.protection.cryptrec import Table

    return Table.load()


def _verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Check an Ed25519 signature; imported here because it costs and most files have no seal."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
