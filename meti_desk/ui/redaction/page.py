"""墨消し: what to take out at the left, where it stands in the middle, the page at the right."""

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from meti_desk.formats.redaction import RedactionArea
from meti_desk.services.redaction_messages import RedactionPreview, RedactRequest
from meti_desk.ui.findings.documents import NamesModel
from meti_desk.ui.findings.look import folder_for
from meti_desk.ui.findings.tree import Tree
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.drop import choose_files, dropped_files
from meti_desk.ui.main.page import Page
from meti_desk.ui.redaction.places import PlacesModel, area_words, detector_words
from meti_desk.ui.redaction.sheet import Sheet
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, card, column, panel, row, rule
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.columns import Column, Columns
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.foot import banner_line, place_line
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.table import Table

FOLDER = "墨消し"


class RedactionPage(Page):
    """Nothing is covered: what is chosen is taken out of the copies."""

    left = Signal()
    started = Signal(object)
    """The order, as `RedactRequest`."""

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__(desktop)
        self._out = ""
        self._areas: list[RedactionArea] = []
        self.names = NamesModel()
        self.model = PlacesModel()
        self.files = Table(self.names, tr("ファイル"), (0,))
        self.words = QPlainTextEdit()
        self.words.setAccessibleName(tr("消す語句（1行に1つ）"))
        self.words.setTabChangesFocus(True)
        self.detectors = {name: Check(word) for name, word in detector_words().items()}
        self._lists = QVBoxLayout()
        self._lists.setSpacing(8)
        self.tree = Tree(self.model, tr("見つかった箇所"), (0, 160, 60))
        self.sheet = Sheet(desktop, self.banner, self.model.boxes)
        self._count = Text("", "small", wrap=False)
        self._detail = Text("", "small")
        self._where = Elided("", "small")
        self._note = Text("", "small")
        self.seek = Button(tr("見つける"), small=True, icon_name="search", on=self._find)
        self.drop = Button(tr("範囲を外す"), small=True, on=self._drop_area)
        self._go = Button(tr("墨消しした写しを作る"), "primary", on=self._start)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self.add(list(paths))
        self._found(())
        desk = desktop.desk
        desktop.ask(self, lambda _job: desk.word_lists(), self._offer, self.banner)

    def _lay_out(self) -> None:
        top = row(
            IconMark("ban", "primary", 24),
            Text(tr("墨消し"), "h1", wrap=False),
            self._count,
            None,
            spacing=14,
            margins=(28, 14, 28, 14),
        )
        columns = Columns(
            Column(panel(self._aside()), tr("消すもの"), 300, "subtle"),
            Column(panel(self._middle()), tr("見つかった箇所"), 0, "page"),
            Column(self.sheet, tr("ページ"), 400, "subtle"),
            room=1180,
        )
        self._place = self._place_line()
        bottom = row(spacing=12, margins=(28, 14, 28, 14))
        bottom.addLayout(column(None, self._note, self._place, None, spacing=0), 1)
        bottom.addWidget(Button(tr("やめる"), "quiet", on=self.left.emit))
        bottom.addWidget(self._go)
        banner = banner_line(self.banner)
        whole = column(panel(top, "page"), banner, rule(), spacing=0)
        whole.addWidget(columns, 1)
        whole.addWidget(rule())
        whole.addWidget(panel(bottom, "page"))
        self.setLayout(whole)

    def _aside(self) -> QVBoxLayout:
        add = Button(tr("ファイルを加える"), "link", icon_name="plus", on=self._add_files)
        caption = Text(tr("消す語句（1行に1つ）"), "h3")
        caption.setBuddy(self.words)
        self.files.setFixedHeight(active().pixels(150))
        self.words.setFixedHeight(active().pixels(96))
        return column(
            Text(tr("ファイル"), "h2"),
            self.files,
            row(add, None),
            caption,
            self.words,
            Text(tr("見つけて消す個人情報など"), "h3"),
            *self.detectors.values(),
            self._lists,
            None,
            spacing=8,
            margins=(20, 20, 20, 20),
        )

    def _middle(self) -> QVBoxLayout:
        self.tree.setMinimumHeight(active().pixels(260))
        line = row(spacing=8)
        line.addWidget(Text(tr("見つかった箇所"), "h2"), 1)
        line.addWidget(self.drop)
        line.addWidget(self.seek)
        inside = column(line, spacing=10, margins=(24, 20, 24, 20))
        inside.addWidget(self.tree, 1)
        inside.addWidget(card(column(self._detail, margins=(14, 10, 14, 10)), "note"))
        return inside

    def _place_line(self) -> QWidget:
        return place_line(self._where, self._change)

    def _connect(self) -> None:
        self.files.selectionModel().currentRowChanged.connect(self._choose)
        self.tree.selectionModel().currentRowChanged.connect(self._tell)
        self.model.changed.connect(self._changed)
        self.sheet.added.connect(self.add_area)
        self.words.textChanged.connect(self._changed)
        for one in self.detectors.values():
            one.toggled.connect(self._changed)

    def _offer(self, lists: tuple[tuple[str, str], ...]) -> None:
        """Offer the word lists of the policy beside the personal data."""
        for name, title in lists:
            if name not in self.detectors:
                box = self.detectors[name] = Check(title)
                box.toggled.connect(self._changed)
                self._lists.addWidget(box)
        self.model.name_lists(dict(lists))
        set_reading_order(self)

    def add(self, paths: list[str]) -> None:
        """Take more files."""
        self.names.show_paths(tuple(dict.fromkeys((*self.names.paths, *paths))))
        if self.names.paths and not self.files.currentIndex().isValid():
            self.files.selectRow(0)
        self._changed()
        set_reading_order(self)

    def add_area(self, area: RedactionArea) -> None:
        """Take an area into what becomes black."""
        if area not in self._areas:
            self._areas.append(area)
        self.sheet.show_page(area.page)
        self._find()

    def _drop_area(self) -> None:
        one = self.model.branch(self.tree.currentIndex())
        if one is not None:
            self._areas = [a for a in self._areas if f"area:{area_words(a)}" not in one.kinds]
            self._find()

    def asked(self) -> RedactRequest:
        """Give all that is asked for, with what is unchecked in the list."""
        words = (one.strip() for one in self.words.toPlainText().splitlines())
        return RedactRequest(
            paths=self.names.paths,
            out=self.out_folder,
            words=tuple(dict.fromkeys(filter(None, words))),
            areas=tuple(self._areas),
            detectors=tuple(name for name, box in self.detectors.items() if box.isChecked()),
        )

    def order(self) -> RedactRequest:
        """Give what is to be made black as a request."""
        asked, off = self.asked(), self.model.off
        return RedactRequest(
            paths=asked.paths,
            out=asked.out,
            words=tuple(one for one in asked.words if f"word:{one}" not in off),
            areas=tuple(one for one in asked.areas if f"area:{area_words(one)}" not in off),
            detectors=tuple(one for one in asked.detectors if one not in off),
        )

    def _find(self) -> None:
        desk, asked = self.desktop.desk, self.asked()
        if not asked.paths or not (asked.words or asked.areas or asked.detectors):
            self._found(())
            return
        self._detail.setText(tr("探しています…"))
        self.desktop.ask(
            self, lambda job: desk.redaction_preview(asked, job), self._found, self.banner
        )

    def _found(self, found: tuple[RedactionPreview, ...]) -> None:
        asked = self.asked()
        self.model.show_places(asked.words, asked.detectors, asked.areas, found)
        self.tree.expandToDepth(0)
        self._detail.setText(
            tr("チェックのあるものを、写しから取り除いて黒くします。上から覆うのではありません。")
        )
        self._changed()

    def _choose(self, current: QModelIndex) -> None:
        if current.isValid():
            self.sheet.show_document(self.names.paths[current.row()])

    def _tell(self, current: QModelIndex) -> None:
        one = self.model.branch(current)
        self.drop.setEnabled(one is not None and any(k.startswith("area:") for k in one.kinds))
        if one is not None:
            said = (f"{one.cells[0]}　{one.cells[1]}".strip(), one.detail)
            self._detail.setText("\n".join(dict.fromkeys(filter(None, said))))

    def _changed(self) -> None:
        order, asked = self.order(), self.asked()
        some = bool(order.words or order.areas or order.detectors)
        self._count.setText(tr("{n}件のファイル", n=len(order.paths)))
        self._where.setText(order.out)
        self._where.setToolTip(order.out)
        self._place.setVisible(bool(order.paths))
        self.seek.setEnabled(bool(order.paths and (asked.words or asked.areas or asked.detectors)))
        self.drop.setEnabled(False)
        self._go.setEnabled(bool(order.paths) and some)
        self.sheet.repaint_boxes()
        if not order.paths:
            note = tr("ファイルを置くか、「ファイルを加える」で選んでください。")
        elif not some:
            note = tr("消す語句・個人情報・範囲を選んでください。")
        else:
            note = tr("付加情報も取り除きます。原本は変わりません。")
        self._note.setText(note)

    @property
    def out_folder(self) -> str:
        """Give the folder for copies: the one chosen, or one beside the first file."""
        return self._out or folder_for(self.names.paths, FOLDER)

    def _start(self) -> None:
        self.started.emit(self.order())

    def _add_files(self) -> None:
        paths = choose_files(self)
        if paths:
            self.add(paths)

    def _change(self) -> None:
        start = self.out_folder
        folder = QFileDialog.getExistingDirectory(self, tr("保存先のフォルダを選ぶ"), start)
        if folder:
            self._out = folder
            self._changed()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome more files."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them."""
        event.acceptProposedAction()
        self.add(dropped_files(event))
