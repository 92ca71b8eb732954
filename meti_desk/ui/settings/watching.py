"""見守るフォルダ: where new documents without a label are noticed; none by default."""

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from meti_desk.services.messages import Watched
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, card, column, empty, panel, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.dates import shown_day
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.order import set_reading_order


class WatchCard(QWidget):
    """The list, and buttons to add and to remove."""

    def __init__(self, desktop: Desktop, banner: Banner) -> None:
        super().__init__()
        self._desktop, self._banner = desktop, banner
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        says = Text(
            tr(
                "選んだフォルダに新しく入った文書のうち、格付のないものをホームで知らせます。前からあるファイルは、使うときに決めます。"
            ),
            "small",
        )
        add = Button(tr("フォルダを加える"), icon_name="folder", on=self._choose)
        inner = column(
            Text(tr("見守るフォルダ"), "h2"),
            says,
            self._list,
            row(None, add),
            spacing=10,
            margins=(24, 18, 24, 20),
        )
        self.setLayout(column(card(inner)))

    def show_folders(self, folders: tuple[Watched, ...]) -> None:
        """Show what is watched."""
        empty(self._list)
        if not folders:
            self._list.addWidget(Text(tr("見守っているフォルダはありません。"), "body"))
        for one in folders:
            self._list.addWidget(self._line(one))
        set_reading_order(self.window())

    def _line(self, one: Watched) -> QWidget:
        line = row(IconMark("folder", "primary", 18), spacing=10)
        line.addWidget(Elided(one.folder, "body"), 1)
        since = tr("{day}から", day=shown_day(one.since))
        line.addWidget(Text(since, "small", wrap=False))
        name = tr("{folder}を見守るのをやめる", folder=one.folder)
        line.addWidget(
            Button(tr("やめる"), small=True, name=name, on=lambda: self.remove(one.folder))
        )
        return panel(line)

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("見守るフォルダを選ぶ"))
        if folder:
            self.add(folder)

    def add(self, folder: str) -> None:
        """Watch a folder from now on."""
        desk = self._desktop.desk

        def work(_job: object) -> tuple[Watched, ...]:
            desk.watch(folder)
            return desk.watched()

        self._desktop.ask(self, work, self._changed, self._banner)

    def remove(self, folder: str) -> None:
        """Watch it no longer."""
        desk = self._desktop.desk

        def work(_job: object) -> tuple[Watched, ...]:
            desk.unwatch(folder)
            return desk.watched()

        self._desktop.ask(self, work, self._changed, self._banner)

    def _changed(self, folders: tuple[Watched, ...]) -> None:
        self.show_folders(folders)
        self._desktop.watching_changed.emit()
