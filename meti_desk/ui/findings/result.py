"""What became of the documents: what went, what stayed and why, each with its copy."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from meti_desk.formats.base import Finding
from meti_desk.services.messages import Done, DoneFile
from meti_desk.ui.bulk.model import CANCELLED, REFUSED, became, outcome_word
from meti_desk.ui.bulk.model import reason as reason_of
from meti_desk.ui.findings.tree import Branch, Tree, TreeModel
from meti_desk.ui.findings.words import Sign, kind_word, place_word, removal_reason
from meti_desk.ui.handle.result import note_line, open_place
from meti_desk.ui.icons import IconMark
from meti_desk.ui.redaction.places import detector_words
from meti_desk.ui.strings import term, tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, card, column, panel, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.scroll import Scroll

_SIGNS = {REFUSED: Sign("alert", "danger"), CANCELLED: Sign("alert", "warning")}
_DONE = Sign("check", "success")
_OPENED = 20
"""Documents up to which all of the tree is open at once."""


class FindingsResult(QWidget):
    """The tree of what went and what stayed, and ways on."""

    finished = Signal()
    again = Signal()

    def __init__(self, opener: Callable[[str], None] = open_place) -> None:
        super().__init__()
        self._open = opener
        self._folder = self._report = ""
        self.model = TreeModel((tr("ファイル・付加情報"), tr("件数"), tr("結果・箇所")))
        self.tree = Tree(self.model, tr("ファイルごとの結果"), (0, 90, 330))
        self.tree.setMinimumHeight(active().pixels(220))
        self.tree.selectionModel().currentRowChanged.connect(self._tell)
        self._mark = IconMark("check", "success", 24, "success-soft")
        self._title = Text("", "h1")
        self._says = Text("", "body")
        self._detail = Text("", "small")
        self._where = Elided("", "small")
        self._csv = Elided("", "small")
        self._home = Button(tr("終わる"), "primary", on=self.finished.emit)
        self._lay_out()

    def _lay_out(self) -> None:
        top = row(self._mark, spacing=16, margins=(0, 0, 0, 4))
        top.addWidget(self._title, 1)
        inside = column(top, self._says, spacing=10, margins=(32, 26, 32, 8))
        inside.addWidget(self.tree, 1)
        inside.addWidget(card(column(self._detail, margins=(16, 10, 16, 10))))
        folder = Button(tr("フォルダを開く"), small=True, on=lambda: self._open(self._folder))
        csv = Button(tr("CSVを開く"), small=True, on=lambda: self._open(self._report))
        self._folder_line = self._line(tr("結果"), self._where, folder)
        self._csv_line = self._line(tr("結果のCSV"), self._csv, csv)
        inside.addWidget(self._folder_line)
        inside.addWidget(self._csv_line)
        again = Button(tr("選び直す"), on=self.again.emit)
        whole = column(spacing=0)
        whole.addWidget(Scroll(panel(inside), tr("結果")), 1)
        whole.addLayout(row(None, again, self._home, spacing=12, margins=(32, 12, 32, 20)))
        self.setLayout(whole)

    def _line(self, name: str, value: QWidget, button: Button) -> QWidget:
        line: QHBoxLayout = row(Text(name, "strong", wrap=False), spacing=12)
        line.addWidget(value, 1)
        line.addWidget(button)
        return panel(line)

    def show_done(self, done: Done, out: str, *, redacted: bool = False) -> None:
        """Show the rows of a run, of a removal or a redaction, whose copies lie in `out`."""
        names = [became(one) for one in done.files]
        bad, left = names.count(REFUSED), names.count(CANCELLED)
        total = len(names)
        if bad or left:
            self._mark.show_icon("alert", "danger", "danger-soft")
            self._title.setText(
                tr("{total}件のうち{n}件ができませんでした", total=total, n=bad + left)
            )
        else:
            self._mark.show_icon("check", "success", "success-soft")
            self._title.setText(
                tr("墨消しした写しを作りました（{n}件）", n=total)
                if redacted
                else tr("取り除いた写しを作りました（{n}件）", n=total)
            )
        went = sum(r.count for one in done.files for r in one.removed)
        stayed = sum(f.count for one in done.files for f in one.left)
        self._says.setText(
            tr("取り除いた付加情報 {went}件、残った付加情報 {stayed}件。", went=went, stayed=stayed)
        )
        if redacted:
            black = sum(p.count for one in done.files for p in one.places)
            said = tr("消した箇所 {n}か所。", n=black)
            self._says.setText(f"{said}{self._says.text()}")
        self.model.fill(_of_file(one) for one in done.files)
        self.tree.expandToDepth(1 if total <= _OPENED else -1)
        self._detail.setText(tr("行を選ぶと、くわしい内容を示します。"))
        self._folder, self._report = out, done.report
        for shown, path in ((self._where, out), (self._csv, done.report)):
            shown.setText(path)
            shown.setToolTip(path)
        self._folder_line.setVisible(any(one.out for one in done.files))
        self._csv_line.setVisible(bool(done.report))
        self._home.setFocus()
        set_reading_order(self)

    def _tell(self, current: QModelIndex) -> None:
        one = self.model.branch(current)
        if one is not None:
            told = (one.path or f"{one.cells[0]}　{one.cells[2]}".strip(), one.detail)
            self._detail.setText("\n".join(filter(None, told)))


def _of_file(row_: DoneFile) -> Branch:
    name = became(row_)
    went = [
        Branch((kind_word(one.kind), str(one.count), ""), detail=removal_reason("removed"))
        for one in row_.removed
    ]
    stayed = [_of_left(one) for one in row_.left]
    below = []
    if row_.places:
        count = str(sum(one.count for one in row_.places))
        black = [
            Branch((_why(one.reason), str(one.count), place_word(one.place))) for one in row_.places
        ]
        below.append(Branch((tr("墨消しした箇所"), count, ""), black, _DONE))
    if went:
        count = str(sum(one.count for one in row_.removed))
        below.append(Branch((tr("取り除いたもの"), count, ""), went, _DONE))
    if stayed:
        count = str(sum(one.count for one in row_.left))
        below.append(Branch((tr("残ったもの"), count, ""), stayed, Sign("info", "warning")))
    if not below and row_.error is None:
        below.append(Branch((tr("取り除くものはありませんでした"), "", ""), sign=_DONE))
    below += [
        Branch((note_line(note), "", ""), sign=Sign("info", "primary"), detail=note_line(note))
        for note in row_.notes
    ]
    why = reason_of(row_)
    if row_.error is not None:
        kind = str(row_.error.params.get("kind", ""))
        stops = tr("止めるもの：{what}", what=kind_word(kind)) if kind else ""
        why = " ".join(filter(None, (stops, why)))
        below.append(Branch((why, "", ""), detail=why))
    made = "、".join(Path(one).name for one in row_.out)
    return Branch(
        (Path(row_.path).name, "", outcome_word(name) + (f"　{made}" if made else "")),
        below,
        _SIGNS.get(name, _DONE),
        strong=True,
        detail=why,
        path=row_.path,
    )


def _why(reason: str) -> str:
    """Name why a place was made black; what stood there is said nowhere any more."""
    return detector_words().get(reason) or term(f"redact.{reason}", reason)


def _of_left(one: Finding) -> Branch:
    said = f"{kind_word(one.kind)}　{one.value}".strip()
    return Branch((said, str(one.count), place_word(one.place)), detail=removal_reason(one.removal))
