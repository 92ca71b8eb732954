"""What is to be looked at, and with which choices the look begins."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from meti_desk.formats.base import Purpose, Revisions

Answer = Callable[[tuple[str, ...], Revisions], None]
FOLDERS: dict[str, str] = {"provide": "提供用", "publish": "公表用"}
"""The folders that copies go to, beside what they are made of."""


@dataclass(frozen=True, slots=True)
class Look:
    """Files and folders, the preset, and what a person chose before.

    `answered` is called with kinds that stay and what is done with 変更履歴, where the look is part
    of another act: it then makes no copies of its own.
    """

    paths: tuple[str, ...]
    purpose: Purpose = "provide"
    keep: tuple[str, ...] = ()
    revisions: Revisions = "accept"
    answered: Answer | None = None


def folder_for(paths: tuple[str, ...], name: str) -> str:
    """Propose a folder for copies, beside the first of the files or folders."""
    return str(Path(paths[0]).parent / name) if paths else ""
