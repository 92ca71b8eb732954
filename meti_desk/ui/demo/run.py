"""Runs the demo into a folder and says where everything lies (`meti-desk demo [FOLDER]`)."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from meti_desk.data import data
from meti_desk.ui.ports import Desk

RESULTS = "demo-results"
_SIGN = "この名前のフォルダは meti-desk の案内が作りました。次の案内のときに消します。\n"
_SIGN_NAME = "はじめにお読みください.txt"

DeskMaker = Callable[[str], Desk]
"""Makes a desk over the store in a folder."""


def run_demo(make: DeskMaker, folder: str) -> int:
    """Do the guided tour without a screen; gives 0 when every result is there."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # The platform without a screen says at every dialog that it cannot hint its size.
    os.environ["QT_LOGGING_RULES"] = "default.warning=false"
    base = Path(folder or RESULTS).resolve()
    documents, pictures = base / "文書", base / "画面"
    if not _make_room(base):
        print(f"{base} は案内の作ったフォルダではないため、使いません。")  # noqa: T201
        return 4
    pictures.mkdir()
    _copy_samples(documents)
    print("案内: 付属の見本で、本物の画面を一通り動かします（画面は表示しません）。")  # noqa: T201
    with tempfile.TemporaryDirectory(prefix="meti-desk-demo-") as store:
        missing = _tour(make(str(Path(store) / "store")), documents, pictures)
    print(f"結果はすべて {base} にあります。")  # noqa: T201
    return 1 if missing else 0


def _make_room(base: Path) -> bool:
    """Make the folder anew; one that the demo did not make is left alone."""
    if base.exists():
        if any(base.iterdir()) and not (base / _SIGN_NAME).is_file():
            return False
        shutil.rmtree(base)
    base.mkdir(parents=True)
    (base / _SIGN_NAME).write_text(_SIGN, encoding="utf-8")
    return True


def _copy_samples(documents: Path) -> None:
    documents.mkdir()
    for sample in data("resources").joinpath("samples").iterdir():
        (documents / sample.name).write_bytes(sample.read_bytes())


def _tour(desk: Desk, documents: Path, pictures: Path) -> int:
    from PySide6.QtWidgets import QApplication

    from meti_desk.ui import theme
    from meti_desk.ui.demo.hand import Hand
    from meti_desk.ui.demo.story import Story
    from meti_desk.ui.jobs import Jobs
    from meti_desk.ui.main.window import MainWindow

    app = QApplication.instance() or QApplication([])
    if not isinstance(app, QApplication):
        raise TypeError(type(app))
    theme.apply(app, theme.Theme())
    jobs = Jobs()
    window = MainWindow(desk, jobs)
    window.show()
    window.begin()
    hand = Hand(window, jobs)
    hand.settle()
    missing = 0
    for words, path in Story(hand, documents, pictures).tell():
        there = path is None or path.exists()
        missing += not there
        mark = "○" if there else "×"
        print(f"{mark} {words}" + (f"\n    {path}" if path else ""))  # noqa: T201
    desk.lock()
    window.close()
    jobs.close()
    return missing
