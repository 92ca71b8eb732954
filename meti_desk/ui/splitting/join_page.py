"""結合する: which parts are there, which are missing, and the words of a share from paper."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from meti_desk.services.splitting_messages import JoinRequest, JoinView, PartRow
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.drop import dropped_files
from meti_desk.ui.main.page import Page
from meti_desk.ui.splitting.words import WordsBox
from meti_desk.ui.strings import term, told, tr
from meti_desk.ui.widgets.build import Part, Text, card, column, empty, panel, row, rule, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.foot import banner_line, place_line
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.scroll import Scroll

_TONES = {"there": "primary", "changed": "danger", "foreign": "danger", "unreadable": "danger"}
_SHARE = "share:"


class JoinPage(Page):
    """Parts are dropped in any order and under any name; their content says what they are."""

    left = Signal()
    started = Signal(object)
    """The order, as `JoinRequest`."""

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__(desktop)
        self._paths: list[str] = []
        self._shares: list[str] = []
        self._view = JoinView(parts=())
        self._out = ""
        self._mark = IconMark("info", "primary", 20)
        self._state = Text("", "strong")
        self._more = Text("", "small")
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.words = WordsBox(desktop, self.banner)
        self._where = Elided("", "small")
        self._note = Text("", "small")
        self.go = Button(tr("結合する"), "primary", on=self._start)
        self.setAcceptDrops(True)
        self._lay_out()
        self.words.taken.connect(self._take_words)
        self.add(list(paths))

    def _lay_out(self) -> None:
        top = row(
            IconMark("branch", "primary", 24), Text(tr("結合する"), "h1", wrap=False), None,
            spacing=14, margins=(28, 14, 28, 14),
        )  # fmt: skip
        self.adding = Button(tr("ファイルを加える"), small=True, icon_name="plus", on=self._choose)
        head = row(spacing=8)
        head.addWidget(Text(tr("受け取った部分"), "h2"), 1)
        head.addWidget(self.adding)
        line = row(self._mark, spacing=12)
        line.addLayout(column(self._state, self._more, spacing=2), 1)
        state = card(column(line, margins=(16, 12, 16, 12)), "note")
        inner = panel(
            column(
                state, head, self._list, 8, self.words, None, spacing=12, margins=(28, 20, 28, 24)
            )
        )
        self._place: QWidget = place_line(self._where, self._change)
        bottom = row(spacing=12, margins=(28, 14, 28, 14))
        bottom.addLayout(column(None, self._note, self._place, None, spacing=0), 1)
        bottom.addWidget(Button(tr("やめる"), "quiet", on=self._leave))
        bottom.addWidget(self.go)
        whole = column(panel(top, "page"), banner_line(self.banner), rule(), spacing=0)
        whole.addWidget(Scroll(inner, tr("結合する")), 1)
        whole.addWidget(rule())
        whole.addWidget(panel(bottom, "page"))
        self.setLayout(whole)

    @property
    def out_folder(self) -> str:
        """Give the folder for the document: the one chosen, or that of the first part."""
        return self._out or (str(Path(self._paths[0]).parent) if self._paths else "")

    def order(self) -> JoinRequest:
        """Give what was put here as a request."""
        return JoinRequest(
            paths=tuple(self._paths), out=self.out_folder, shares=tuple(self._shares)
        )

    def add(self, paths: list[str]) -> None:
        """Take more parts, or pictures of sheets."""
        self._paths = list(dict.fromkeys((*self._paths, *paths)))
        self._look()

    def forget(self) -> None:
        """Drop the words of shares; they are of no use any more."""
        self._shares = []
        self.words.clear()

    def _look(self) -> None:
        desk, order = self.desktop.desk, self.order()
        if not order.paths and not order.shares:
            self.show_view(JoinView(parts=()))
            return
        self.desktop.ask(self, lambda _job: desk.splits.look(order), self.show_view, self.banner)

    def show_view(self, view: JoinView) -> None:
        """Show what each thing is, and how far the set is complete."""
        self._view = view
        empty(self._list)
        for number, one in enumerate(view.parts):
            self._list.addWidget(self._row(one, number))
        self._tell_state(view)
        self._where.setText(self.out_folder)
        self._where.setToolTip(self.out_folder)
        self._place.setVisible(bool(self.out_folder))
        self.go.setEnabled(view.ready)
        self._note.setText(
            tr("部分のファイルは、そのまま残ります。")
            if view.parts
            else tr("部分のファイルか、書面の画像を置いてください。")
        )
        set_reading_order(self)

    def _tell_state(self, view: JoinView) -> None:
        if not view.n:
            self._mark.show_icon("info", "primary")
            self._state.setText(tr("拡張子が .metipart のファイルを、ここに置いてください。"))
            said = tr("書面は、PDF か、コードを写した PNG・JPEG を置くか、下に語を入力します。")
            self._more.setText(said)
            return
        self._mark.show_icon(*(("check", "success") if view.ready else ("clock", "warning")))
        counted = tr("{n}個のうち{have}個があります。", n=view.n, have=len(view.have))
        if view.ready:
            self._state.setText(f"{counted}{tr('戻せます。')}")
        else:
            missing = "・".join(tr("{n}番目", n=one) for one in view.missing)
            short = tr("足りない部分：{missing}", missing=missing)
            self._state.setText(f"{counted}{short}")
        needed = tr("戻すのに要る数：{n}個", n=view.needed)
        number = tr("組の番号 {set}", set=view.set)
        self._more.setText("\n".join((f"{needed}　{number}", term(f"join.signer-{view.signer}"))))

    def _row(self, one: PartRow, number: int) -> QWidget:
        typed = one.path.startswith(_SHARE)
        name = tr("入力した語") if typed else Path(one.path).name
        state = term(f"part-state.{one.state}")
        if one.index and one.state in {"there", "repeated"}:
            state = tr("{n}番目：{state}", n=one.index, state=state)
        line = row(IconMark("document" if one.on_paper else "folder", "primary", 20), spacing=10)
        line.addWidget(Elided(name, "strong"), 1)
        line.addWidget(tag(state, _TONES.get(one.state, "")))
        line.addWidget(
            Button(
                tr("外す"), "quiet", small=True, name=tr("{name}を外す", name=name),
                on=lambda: self._remove(number),
            )
        )  # fmt: skip
        parts: list[Part] = [panel(line)]
        if one.error is not None:
            said = told(one.error)
            parts += [Text(said.cause, "error"), Text(said.remedy, "small")]
        return card(column(*parts, spacing=4, margins=(16, 10, 12, 10)))

    def _remove(self, number: int) -> None:
        if number < len(self._paths):
            del self._paths[number]
        else:
            del self._shares[number - len(self._paths)]
        self._look()
        self.adding.setFocus()  # the button that was pressed goes with its row

    def _take_words(self, text: str) -> None:
        self._shares.append(text)
        self._look()

    def _start(self) -> None:
        self.started.emit(self.order())

    def _leave(self) -> None:
        self.forget()
        self.left.emit()

    def _choose(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, tr("受け取った部分を選ぶ"))
        if paths:
            self.add(paths)

    def _change(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, tr("保存先のフォルダを選ぶ"), self.out_folder
        )
        if folder:
            self._out = folder
            self.show_view(self._view)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome parts."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them."""
        event.acceptProposedAction()
        self.add(dropped_files(event))
