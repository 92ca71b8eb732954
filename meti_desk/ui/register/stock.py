"""棚卸し: for each entry whether it was there; what is missing has to be reported (Art. 99)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from meti_desk.services.register_messages import (
    RegisterRow,
    RegisterView,
    StockEntry,
    StockOutcome,
)
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.register.words import entry_facts, entry_title, number_word, stock_word
from meti_desk.ui.review.compared import Compared
from meti_desk.ui.review.part import Bar, ListPart, shortcut
from meti_desk.ui.strings import Told, article, tr
from meti_desk.ui.widgets.build import Text, column, panel, row, rule
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.foot import banner_line
from meti_desk.ui.widgets.rows import RowsModel

_RESULTS = (("present", "Ctrl+1"), ("elsewhere", "Ctrl+2"), ("missing", "Ctrl+3"))


class StockPart(ListPart[RegisterRow]):
    """The list to go through; results are given to what is chosen."""

    recorded = Signal(object)
    """All results, as a tuple of `StockEntry`."""

    def __init__(self) -> None:
        self.results: dict[str, StockEntry] = {}
        model: RowsModel[RegisterRow] = RowsModel(
            (tr("結果"), tr("番号"), tr("文書"), tr("持っている人"), tr("所在")),
            self._cells, lambda one: one.id,
        )  # fmt: skip
        super().__init__(model, tr("棚卸しの一覧"), (150, 140, 0, 140, 260), spare=(3, 4, 1))
        self.about = Compared()
        self.note = Field(tr("見つかった場所・探した所など（あった場合は不要）"), small=True)
        self.buttons = {
            result: Button(f"{stock_word(result)}（{keys}）", small=True, name=stock_word(result))
            for result, keys in _RESULTS
        }
        self.go = Button(tr("棚卸しを記録する"), "primary", on=self._record)
        self.stop = Button(tr("やめる"), "quiet")
        self._left = Text("", "small")
        form = QFrame()
        form.setProperty("card", "plain")
        says = tr("行を選び、結果を押します。すべて選ぶには Ctrl+A を押します。")
        form.setLayout(
            column(
                Text(tr("結果"), "h3"), Text(says, "small"), self.note, *self.buttons.values(),
                None, spacing=8, margins=(20, 14, 20, 16),
            )
        )  # fmt: skip
        self.bar = Bar(self.stop, self.go, keys=" ")
        self.lay_out(self.about, form, self.bar)
        self.chosen_changed.connect(self._show_chosen)
        for result, keys in _RESULTS:
            button = self.buttons[result]
            button.clicked.connect(lambda _on=False, result=result: self.give(result))
            shortcut(self, keys).activated.connect(button.click)

    def _cells(self, one: RegisterRow) -> tuple[str, ...]:
        found = self.results.get(one.id)
        return (
            stock_word(found.result if found else ""),
            number_word(one.number, provisional=one.provisional),
            entry_title(one),
            one.keeper,
            one.location,
        )

    def give(self, result: str) -> None:
        """Give a result to what is chosen and go on to the next; 「ほかの場所」 needs a word."""
        lacks = result != "present" and not self.note.text
        self.note.refuse(tr("どこにあったか、どこを探したかを書いてください。") if lacks else "")
        if lacks:
            self.note.edit.setFocus()
            return
        note = "" if result == "present" else self.note.text
        for one in self.chosen:
            self.results[one.id] = StockEntry(entry=one.id, result=result, note=note)
        self.note.edit.clear()
        self.show_rows(self.model.rows)
        left = [at for at, one in enumerate(self.model.rows) if one.id not in self.results]
        if left:
            self.choose(left[:1])
            self.table.scrollTo(self.model.index(left[0], 0))
        (self.table if left else self.go).setFocus()

    def _show_chosen(self) -> None:
        chosen = self.chosen
        for one in self.buttons.values():
            one.setEnabled(bool(chosen))
        left = sum(one.id not in self.results for one in self.model.rows)
        self.bar.says.setText(
            tr("まだ確かめていないもの：{n}件", n=left)
            if left
            else tr("すべて確かめました。「棚卸しを記録する」を押してください。")
        )
        self.go.setEnabled(bool(self.results))
        if len(chosen) == 1:
            self.about.show_one(entry_title(chosen[0]), "", entry_facts(chosen[0]))
        elif chosen:
            self.about.show_none(tr("{n}件を選んでいます", n=len(chosen)))
        else:
            self.about.show_none(tr("確かめるものはありません"))

    def _record(self) -> None:
        self.recorded.emit(tuple(self.results.values()))


class StockPage(Page):
    """Goes through the entries of the 課室."""

    left = Signal()

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self.part = StockPart()
        top = row(
            IconMark("book", "primary", 24), Text(tr("棚卸し"), "h1", wrap=False),
            Text(tr("機密性3情報管理簿（{ref}）", ref=article("11-2")), "small"), None,
            spacing=14, margins=(28, 14, 28, 14),
        )  # fmt: skip
        whole = column(panel(top, "page"), banner_line(self.banner), rule(), 12, spacing=0)
        whole.addWidget(self.part, 1)
        self.setLayout(whole)
        self.part.stop.clicked.connect(self.left)
        self.part.recorded.connect(self._record)

    def shown(self) -> None:
        """Read the entries."""
        area = self.desktop.desk.register
        self.desktop.ask(self, lambda _job: area.view(), self._show, self.banner)

    def _show(self, view: RegisterView) -> None:
        before = self.part.model.rows
        self.part.show_rows(view.entries)
        if not before and view.entries:  # it was empty when the page was opened
            self.part.table.setFocus()

    def _record(self, results: tuple[StockEntry, ...]) -> None:
        area = self.desktop.desk.register

        def done(outcome: StockOutcome) -> None:
            self.part.results = {}
            self.part.stop.rename(tr("戻る"))
            self.part.stop.setFocus()
            self.shown()
            said = tr("{n}件の棚卸しを記録しました。", n=outcome.recorded)
            if not outcome.missing:
                self.banner.tell(Told(said), "well")
                return
            names = "、".join(entry_title(one) for one in outcome.missing)
            self.banner.tell(
                Told(
                    said,
                    tr("なかったもの：{names}。障害・事故等の報告をしてください。", names=names),
                    article("99"),
                ),
                "warn",
            )

        self.desktop.ask(self, lambda _job: area.stocktake(results), done, self.banner)
