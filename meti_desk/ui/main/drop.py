"""A card that takes files: dropped, or chosen in a dialog."""

from collections.abc import Sequence

from PySide6.QtCore import QFileInfo, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column, restyle, row
from meti_desk.ui.widgets.buttons import Button

MANY = 20
"""Files that are still decided one by one on the decision screen."""


def are_many(paths: Sequence[str]) -> bool:
    """Tell whether paths are too many to look at one by one, or hold a folder."""
    return len(paths) > MANY or any(QFileInfo(path).isDir() for path in paths)


def choose_files(parent: QWidget) -> list[str]:
    """Let the person choose files in the system's dialog."""
    paths, _ = QFileDialog.getOpenFileNames(parent, tr("格付して保護するファイルを選ぶ"))
    return paths


def choose_folder(parent: QWidget) -> list[str]:
    """Let the person choose a folder, with all that lies in it."""
    folder = QFileDialog.getExistingDirectory(parent, tr("まとめて格付するフォルダを選ぶ"))
    return [folder] if folder else []


def dropped_files(event: QDropEvent | QDragEnterEvent) -> list[str]:
    """Give the local files and folders of a drag; web addresses are neither."""
    urls = event.mimeData().urls()
    return [url.toLocalFile() for url in urls if url.isLocalFile()]


class DropCard(QFrame):
    """ここにファイルを置く: opens the decision screen with what is put there."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__()
        self._desktop = desktop
        self.setProperty("card", "drop")
        self.setAcceptDrops(True)
        self.setMinimumHeight(active().pixels(232))
        title = Text(tr("ここにファイルを置く"), "h3", wrap=False)
        says = Text(tr("格付・付加情報・保護を\nひとつの画面で決めます"), "small")
        says.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        button = Button(tr("ファイルを選ぶ"), small=True, on=self._choose)
        folder = Button(tr("フォルダを選ぶ"), small=True, on=self._choose_folder)
        self.setLayout(
            column(
                None,
                row(None, IconMark("drop", "primary", 34), None),
                8,
                row(None, title, None),
                says,
                4,
                row(None, button, folder, None),
                None,
                spacing=4,
                margins=(16, 16, 16, 16),
            )
        )

    def _choose(self) -> None:
        paths = choose_files(self)
        if paths:
            self._desktop.files_wanted.emit(paths)

    def _choose_folder(self) -> None:
        paths = choose_folder(self)
        if paths:
            self._desktop.files_wanted.emit(paths)

    def _over(self, *, over: bool) -> None:
        self.setProperty("over", "true" if over else "false")
        restyle(self)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show that files are welcome here."""
        if dropped_files(event):
            event.acceptProposedAction()
            self._over(over=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show the card as it was."""
        super().dragLeaveEvent(event)
        self._over(over=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files to the decision screen."""
        self._over(over=False)
        event.acceptProposedAction()
        self._desktop.files_wanted.emit(dropped_files(event))
