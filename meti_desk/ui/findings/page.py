"""付加情報: documents at the left, what they carry as a tree, a look at the result beside it."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from meti_desk.formats.base import Purpose, Revisions
from meti_desk.services.messages import InspectedFile, ScrubRequest
from meti_desk.ui.findings.documents import DocumentsModel, said
from meti_desk.ui.findings.look import FOLDERS, Look, folder_for
from meti_desk.ui.findings.model import FindingsModel
from meti_desk.ui.findings.preview import PreviewPanel
from meti_desk.ui.findings.tree import Tree
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.drop import choose_files, dropped_files
from meti_desk.ui.main.page import Page
from meti_desk.ui.strings import told, tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, card, column, panel, row, rule
from meti_desk.ui.widgets.buttons import Button, Segmented
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.columns import Column, Columns
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.foot import banner_line, place_line
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.table import Table

if TYPE_CHECKING:
    from meti_desk.ui.jobs import Job

_AT_ONCE = 8
"""Documents that one job looks at; between two of them the desk hears other questions."""
_PURPOSES: dict[object, Purpose] = {"provide": "provide", "publish": "publish"}
_REVISIONS: dict[object, Revisions] = {"accept": "accept", "reject": "reject", "refuse": "refuse"}


class FindingsPage(Page):
    """Shows first, then removes what the person leaves checked."""

    left = Signal()
    started = Signal(object)
    """The order, as `ScrubRequest`."""
    answered = Signal()
    """The choice was taken over by who asked for the look."""

    def __init__(self, desktop: Desktop, look: Look) -> None:
        super().__init__(desktop)
        self._look = look
        self._given = look.paths
        self._out = ""
        self._job: Job | None = None
        self._chosen = ""
        self.documents = DocumentsModel()
        self.model = FindingsModel()
        self.files = Table(self.documents, tr("ファイル"), (0, 142))
        self.tree = Tree(self.model, tr("見つかった付加情報"), (0, 104, 56, 98, 132))
        self.purpose = Segmented(
            tr("目的"), [("provide", tr("提供")), ("publish", tr("公表"))], small=True
        )
        self.revisions = Segmented(
            tr("変更履歴"),
            [("accept", tr("反映する")), ("reject", tr("元に戻す")), ("refuse", tr("あれば断る"))],
            small=True,
        )
        self.preview = PreviewPanel(desktop, self.banner, self.order_for)
        self.report = Check(tr("結果をCSVに保存する"))
        self._count = Text("", "small", wrap=False)
        self._state = Text("", "h3")
        self._detail = Text("", "small")
        self._where = Elided("", "small")
        self._note = Text("", "small")
        self._reset = Button(tr("標準に戻す"), "link", on=lambda: self.model.choose(()))
        self._go = Button("", "primary", on=self._start)
        self.setAcceptDrops(True)
        self._begin(look)
        self._lay_out()
        self._connect()
        self._show_state()

    def _begin(self, look: Look) -> None:
        self.purpose.set_value(look.purpose)
        self.documents.aim(look.purpose)
        self.revisions.set_value(look.revisions)
        self.model.choose(look.keep)
        for one in (self.files, self.tree):
            one.setMinimumHeight(active().pixels(260))
        caption = tr("この選択で戻る") if look.answered else tr("取り除いた写しを作る")
        self._go.rename(caption)

    def _lay_out(self) -> None:
        top = row(
            IconMark("search", "primary", 24),
            Text(tr("付加情報"), "h1", wrap=False),
            self._count,
            None,
            spacing=14,
            margins=(28, 14, 28, 14),
        )
        columns = Columns(
            Column(panel(self._aside()), tr("ファイル"), 330, "subtle"),
            Column(panel(self._middle()), tr("見つかった付加情報"), 0, "page"),
            Column(self.preview, tr("1ページ目"), 236, "subtle"),
            room=1180,
        )
        self._place = self._place_line()
        bottom = row(spacing=12, margins=(28, 14, 28, 14))
        bottom.addLayout(column(None, self._note, self._place, None, spacing=0), 1)
        bottom.addWidget(Button(tr("やめる"), "quiet", on=self._leave))
        bottom.addWidget(self._go)
        banner = banner_line(self.banner)
        whole = column(panel(top, "page"), banner, rule(), spacing=0)
        whole.addWidget(columns, 1)
        whole.addWidget(rule())
        whole.addWidget(panel(bottom, "page"))
        self.setLayout(whole)

    def _aside(self) -> QVBoxLayout:
        add = Button(tr("ファイルを加える"), "link", icon_name="plus", on=self._add_files)
        folder = Button(tr("フォルダを加える"), "link", icon_name="folder", on=self._add_folder)
        inside = column(Text(tr("ファイル"), "h2"), spacing=8, margins=(20, 20, 20, 20))
        inside.addWidget(self.files, 1)
        for one in (row(add, None), row(folder, None)):
            inside.addLayout(one)
        if self._look.answered is None:
            redact = Button(tr("墨消しする"), "link", icon_name="ban", on=self._redact)
            inside.addLayout(row(redact, None))
            inside.addWidget(self.report)
        return inside

    def _middle(self) -> QVBoxLayout:
        choices = row(Text(tr("目的"), "small", wrap=False), self.purpose, spacing=8)
        changes = row(Text(tr("変更履歴"), "small", wrap=False), self.revisions, spacing=8)
        inside = column(spacing=10, margins=(24, 20, 24, 20))
        if active().scale > 1:
            inside.addLayout(row(choices, None))
            inside.addLayout(row(changes, None))
        else:
            inside.addLayout(row(choices, 12, changes, None))
        line = row(spacing=8)
        line.addWidget(self._state, 1)
        line.addWidget(self._reset)
        inside.addLayout(line)
        inside.addWidget(self.tree, 1)
        inside.addWidget(card(column(self._detail, margins=(14, 10, 14, 10)), "note"))
        return inside

    def _place_line(self) -> QWidget:
        return place_line(self._where, self._change)

    def _connect(self) -> None:
        self.files.selectionModel().currentRowChanged.connect(self._choose)
        self.tree.selectionModel().currentRowChanged.connect(self._tell)
        self.model.kept_changed.connect(self._changed)
        self.purpose.chosen.connect(lambda _one: self._aim())
        self.revisions.chosen.connect(lambda _one: self._changed())

    def shown(self) -> None:
        """List the files and look at them little by little."""
        desk, given = self.desktop.desk, self._given
        if given:
            self.desktop.ask(self, lambda _job: desk.files_in(given), self._listed, self.banner)
        set_reading_order(self)

    def _listed(self, paths: tuple[str, ...]) -> None:
        self.documents.show_paths(paths)
        if paths and not self.files.currentIndex().isValid():
            self.files.selectRow(0)
        self._show_state()
        self._next()

    def _next(self) -> None:
        part = self.documents.unseen[:_AT_ONCE]
        if not part:
            self._job = None
            return
        desk, purpose = self.desktop.desk, self._purpose
        self._job = self.desktop.ask(
            self,
            lambda job: desk.inspect(part, job, purpose),
            lambda rows: self._seen(rows, purpose),
            self.banner,
        )

    def _seen(self, rows: tuple[InspectedFile, ...], purpose: Purpose) -> None:
        if purpose != self._purpose or (self._job is not None and self._job.cancelled):
            return
        self.documents.learn(rows)
        if any(one.path == self._chosen for one in rows):
            self._show_document()
        self._show_state()
        self._next()

    def _choose(self, current: QModelIndex) -> None:
        if current.isValid():
            self._chosen = self.documents.paths[current.row()]
            self._show_document()

    def _show_document(self) -> None:
        seen = self.documents.seen(self._chosen)
        name = Path(self._chosen).name
        self._state.setText(f"{name}　{said(seen)}")
        self.preview.show_document(self._chosen if seen is not None else "")
        self.model.show_findings(seen.findings if seen is not None else ())
        self.tree.expandToDepth(0)
        if seen is not None and seen.error is not None:
            reason = told(seen.error)
            self._detail.setText(" ".join(filter(None, (reason.remedy, reason.article))))
        else:
            self._detail.setText(self._hint(seen))

    def _hint(self, seen: InspectedFile | None) -> str:
        if seen is None or not seen.findings:
            return tr("ここに、選んだ付加情報の内容と、取り除くとどうなるかを示します。")
        return tr("チェックのある種類を取り除きます。選択は、すべてのファイルに当てはまります。")

    def _tell(self, current: QModelIndex) -> None:
        one = self.model.branch(current)
        if one is None:
            return
        told_ = [f"{one.cells[0]}　{one.cells[1]}".strip(), one.detail]
        self._detail.setText("\n".join(filter(None, told_)))

    @property
    def _purpose(self) -> Purpose:
        return _PURPOSES.get(self.purpose.value, "provide")

    def _aim(self) -> None:
        """Look again for the other purpose: what stops 公表 is seen before it is tried."""
        self._stop()
        self.documents.aim(self._purpose)
        self._show_document()
        self._changed()
        self._next()

    def _changed(self) -> None:
        self.preview.forget()
        self._show_state()

    def _show_state(self) -> None:
        paths = self.documents.paths
        self._count.setText(tr("{n}件のファイル", n=len(paths)))
        self._reset.setEnabled(bool(self.model.keep))
        self._where.setText(self.out_folder)
        self._where.setToolTip(self.out_folder)
        self._place.setVisible(self._look.answered is None and bool(paths))
        self._go.setEnabled(bool(paths))
        kept = len(self.model.keep)
        if not paths:
            note = tr("ファイルかフォルダを置くか、「ファイルを加える」で選んでください。")
        elif self.documents.unseen:
            left = len(self.documents.unseen)
            note = tr("調べています（残り{n}件）。待たずに進めます。", n=left)
        elif kept:
            note = tr("{n}種類を残します。渡してよいか確かめてください。", n=kept)
        elif self.purpose.value == "publish":
            note = tr("公表では格付も除き、隠れた内容があれば止まります。原本は変わりません。")
        else:
            note = tr("原本は変わりません。結果は確かめてから保存されます。")
        self._note.setText(note)

    @property
    def out_folder(self) -> str:
        """Give the folder for copies: the one chosen, or one beside the first file."""
        return self._out or folder_for(self._given, FOLDERS[self._purpose])

    def order(self) -> ScrubRequest:
        """Give the choices as a request."""
        name = str(Path(self.out_folder) / tr("付加情報の除去の結果.csv"))
        return ScrubRequest(
            paths=self._given,
            out=self.out_folder,
            purpose=self._purpose,
            keep=tuple(sorted(self.model.keep)),
            revisions=_REVISIONS.get(self.revisions.value, "accept"),
            report=name if self.report.isChecked() else "",
        )

    def order_for(self, path: str) -> ScrubRequest:
        """Give the choices as a request for one document alone, to look at its result."""
        return msgspec.structs.replace(self.order(), paths=(path,), report="")

    def _redact(self) -> None:
        self._stop()
        self.desktop.task_wanted.emit("redaction", self.documents.paths)

    def _start(self) -> None:
        self._stop()
        order, answered = self.order(), self._look.answered
        if answered is not None:
            answered(order.keep, order.revisions)
            self.answered.emit()
        else:
            self.started.emit(order)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _leave(self) -> None:
        self._stop()
        self.left.emit()

    def add(self, paths: list[str]) -> None:
        """Take more files and folders."""
        self._given = tuple(dict.fromkeys((*self._given, *paths)))
        self.shown()

    def _add_files(self) -> None:
        paths = choose_files(self)
        if paths:
            self.add(paths)

    def _add_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("付加情報を調べるフォルダを選ぶ"))
        if folder:
            self.add([folder])

    def _change(self) -> None:
        start = self.out_folder
        folder = QFileDialog.getExistingDirectory(self, tr("保存先のフォルダを選ぶ"), start)
        if folder:
            self._out = folder
            self._show_state()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome more files."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them."""
        event.acceptProposedAction()
        self.add(dropped_files(event))
