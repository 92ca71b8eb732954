"""Where the data folders lie: beside the package in a source tree, inside it when installed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Folder = Literal["forms", "resources", "i18n"]


def data(folder: Folder) -> "Traversable":
    """Find one of the data folders `forms`, `resources` and `i18n`.

    Plain folders are looked at first, which spares every start the loading of
    `importlib.resources`; that one finds them where the package is no folder (a zip).
    """
    for parent in Path(__file__).parents[:2]:
        if (parent / folder).is_dir():
            return parent / folder
    from importlib import resources

    package = resources.files("meti_desk")
    inside = package.joinpath(folder)
    if inside.is_dir():
        return inside
    return Path(str(package)).parent / folder


def read_text(folder: Folder, name: str) -> str:
    """Read a text file of a data folder; `name` may have folders, separated by `/`."""
    return data(folder).joinpath(*name.split("/")).read_text(encoding="utf-8")


def read_bytes(folder: Folder, name: str) -> bytes:
    """Read a binary file of a data folder."""
    return data(folder).joinpath(*name.split("/")).read_bytes()


def build_translations() -> None:
    """Compile the `.ts` of the source tree to `.qm`, which the window loads; not kept in git."""
    import subprocess

    folder = Path(str(data("i18n")))
    for source in sorted(folder.glob("*.ts")):
        command = [str(Path(sys.executable).parent / "pyside6-lrelease"), str(source), "-silent"]
        subprocess.run(command, check=True)  # noqa: S603 - our own tool on our own file


if __name__ == "__main__" and sys.argv[1:] == ["--build-translations"]:
    build_translations()
