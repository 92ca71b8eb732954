"""What a request is about: files, or a kind of document (包括許可)."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout, QWidget

from meti_desk.ui.main.drop import dropped_files
from meti_desk.ui.permits.wish import ACTIONS, action_options, scopes, system_of, system_options
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, column, empty, panel, row
from meti_desk.ui.widgets.buttons import Button, Segmented
from meti_desk.ui.widgets.choice import Choice
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.order import set_reading_order


class AboutCard(QFrame):
    """The act, and the documents."""

    changed = Signal()

    def __init__(self, action: str, paths: tuple[str, ...]) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self.setAcceptDrops(True)
        self.paths: tuple[str, ...] = ()
        self.action = Choice(
            tr("取扱い"), action_options(), action if action in ACTIONS else ACTIONS[0]
        )
        self.system = Choice(tr("機器・サービス"), system_options())
        self.scope = Segmented(tr("対象"), scopes(), small=True)
        self.scope.set_value("files")
        self.blanket = Field(tr("文書の種類"), small=True, hint=tr("例：審査委員に渡す会議資料"))
        self.adding = Button(tr("ファイルを加える"), small=True, icon_name="plus", on=self._choose)
        self._none = Text(tr("ファイルをここに置くか、「ファイルを加える」で選びます。"), "small")
        self._wrong = Text("", "error")
        self._wrong.hide()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self._files = panel(
            column(self._none, self._rows, self._wrong, row(self.adding, None), spacing=6)
        )
        self.setLayout(
            column(
                Text(tr("何をするか"), "h2"), row(self.scope, None), self.system, self.action,
                self._files, self.blanket, spacing=10, margins=(20, 16, 20, 18),
            )
        )  # fmt: skip
        self.blanket.hide()
        self.system.hide()
        self.scope.chosen.connect(self._swap)
        self.action.chosen.connect(lambda _value: self.changed.emit())
        self.add_paths(paths)

    @property
    def is_system(self) -> bool:
        """Tell whether it is about a device or service, and no document."""
        return self.scope.value == "system"

    @property
    def chosen_action(self) -> str:
        """Give the act."""
        return system_of(self.system.value)[1] if self.is_system else self.action.value

    @property
    def articles(self) -> tuple[str, ...]:
        """Give the articles where they do not follow from documents."""
        return system_of(self.system.value)[0] if self.is_system else ()

    @property
    def is_blanket(self) -> bool:
        """Tell whether a kind of document is named instead of files."""
        return self.scope.value == "blanket"

    def check(self) -> bool:
        """Tell whether something is named, and say so where not."""
        self._wrong.tell("")
        self.blanket.refuse("")
        if self.is_blanket and not self.blanket.text:
            self.blanket.refuse(tr("文書の種類を入れてください。"))
            self.blanket.edit.setFocus()
            return False
        if self.scope.value == "files" and not self.paths:
            self._wrong.tell(tr("文書を選んでください。"))
            self.adding.setFocus()
            return False
        return True

    def add_paths(self, paths: "tuple[str, ...] | list[str]") -> None:
        """Take more files."""
        self.paths = tuple(dict.fromkeys((*self.paths, *paths)))
        self._show()

    def _choose(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, tr("許可を申請する文書を選ぶ"))
        if paths:
            self.add_paths(paths)

    def _leave_out(self, path: str) -> None:
        self.paths = tuple(one for one in self.paths if one != path)
        self._show()
        self.adding.setFocus()  # the button that was pressed goes with its row

    def _show(self) -> None:
        empty(self._rows)
        for path in self.paths:
            self._rows.addWidget(self._row(path))
        self._none.setVisible(not self.paths and self._none.parentWidget() is not None)
        self._wrong.tell("")
        set_reading_order(self)
        self.changed.emit()

    def _row(self, path: str) -> QWidget:
        name = Path(path).name
        line = row(spacing=8)
        shown = Elided(name, "body")
        shown.setToolTip(name)
        line.addWidget(shown, 1)
        leave = Button(
            tr("外す"), "quiet", small=True, name=tr("{name}を外す", name=name),
            on=lambda: self._leave_out(path),
        )  # fmt: skip
        line.addWidget(leave)
        return panel(line)

    def _swap(self) -> None:
        self._files.setVisible(self.scope.value == "files")
        self.blanket.setVisible(self.is_blanket)
        self.system.setVisible(self.is_system)
        self.action.setVisible(not self.is_system)
        set_reading_order(self.window())
        self.changed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if dropped_files(event) and self.scope.value == "files":
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them."""
        event.acceptProposedAction()
        self.add_paths(dropped_files(event))
