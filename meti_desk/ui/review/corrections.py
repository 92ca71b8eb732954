"""要修正: labels that the responsible person wants otherwise, done or answered (Art. 4-2)."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from meti_desk.services.review_messages import CorrectionTask
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.strings import Told, article, tr, whole_label
from meti_desk.ui.widgets.build import Text, column, empty, panel, row, rule, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.dates import shown_moment
from meti_desk.ui.widgets.facts import Facts
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.foot import banner_line
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.scroll import Scroll

if TYPE_CHECKING:
    from meti_desk.services.review_messages import ReviewRow


class CorrectionCard(QFrame):
    """One order: what was decided, what is ordered, and the two ways to answer it."""

    opened = Signal(str)
    """The path of the document, to be labelled anew."""
    answered = Signal(object, str)
    """The order, and the reason why the person sees it otherwise."""

    def __init__(self, task: CorrectionTask) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self._task = task
        facts = Facts()
        self._title = Text(task.title or task.document[:8], "h3")
        top = row(spacing=10)
        top.addWidget(self._title, 1)
        top.addWidget(tag(tr("回答（未送信）") if task.said else tr("要修正"), "warning"))
        self.reason = Field(tr("意見（見直しが必要と考える理由）"), small=True)
        self.send = Button(tr("意見を送る"), small=True, on=self._answer)
        self.reason.edit.returnPressed.connect(self.send.click)
        self.send.setAccessibleName(tr("{name}について意見を送る", name=task.title))
        self._form = panel(column(self.reason, row(None, self.send), spacing=6))
        self._form.hide()
        self.differ = Button(
            tr("意見がある…"), "quiet", small=True, on=self._open,
            name=tr("{name}の指示に意見がある", name=task.title),
        )  # fmt: skip
        self.again = Button(
            tr("指示のとおりに決め直す"), small=True, on=lambda: self.opened.emit(task.path),
            name=tr("{name}の格付を決め直す", name=task.title),
        )  # fmt: skip
        self.setLayout(
            column(
                top, facts, self._form, row(None, self.differ, self.again, spacing=8),
                spacing=8, margins=(20, 14, 20, 16),
            )
        )  # fmt: skip
        facts.show_facts(_facts(task))
        for one in (self.differ, self.again):
            one.setEnabled(not task.said)
        self.again.setEnabled(bool(task.path) and not task.said)

    def _open(self) -> None:
        self._form.show()
        self.differ.hide()
        self.reason.edit.setFocus()
        set_reading_order(self.window())

    def _answer(self) -> None:
        text = self.reason.text
        self.reason.refuse("" if text else tr("理由を書いてください。"))
        if not text:
            self.reason.edit.setFocus()
        else:
            self.answered.emit(self._task, text)


def _facts(task: CorrectionTask) -> list[tuple[str, str]]:
    facts = [
        (tr("今の格付"), whole_label(task.decided)),
        (tr("指示"), whole_label(task.ordered)),
        (tr("指示の理由"), task.note),
        (tr("指示した人"), "　".join(filter(None, (task.post, task.by)))),
        (tr("指示の日時"), shown_moment(task.at) if task.at else ""),
        (tr("場所"), task.path),
    ]
    return [(name, value) for name, value in facts if value]


class CorrectionsPage(Page):
    """All orders that are open."""

    left = Signal()

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self._list = QVBoxLayout()
        self._list.setSpacing(14)
        self._says = Text("", "body")
        self.cards: list[CorrectionCard] = []
        self._begins = True
        self._back = Button(tr("戻る"), "primary", on=self.left.emit)
        top = row(
            IconMark("review", "primary", 24), Text(tr("格付の修正の指示"), "h1", wrap=False), None,
            spacing=14, margins=(28, 14, 28, 14),
        )  # fmt: skip
        inner = column(self._says, self._list, None, spacing=14, margins=(28, 20, 28, 24))
        bottom = row(None, self._back, margins=(28, 14, 28, 14))
        whole = column(panel(top, "page"), banner_line(self.banner), rule(), spacing=0)
        whole.addWidget(Scroll(panel(inner), tr("格付の修正の指示")), 1)
        whole.addWidget(rule())
        whole.addWidget(panel(bottom, "page"))
        self.setLayout(whole)

    def showEvent(self, event: QShowEvent) -> None:
        """Read anew whenever the person comes to it: also back from what was ordered."""
        super().showEvent(event)
        if not event.spontaneous():
            self._begins = True
            self.shown()

    def shown(self) -> None:
        """Read what is open."""
        desk = self.desktop.desk
        self.desktop.ask(self, lambda _job: desk.reviews.tasks(), self._show, self.banner)

    def _show(self, tasks: tuple[CorrectionTask, ...]) -> None:
        empty(self._list)
        says = tr(
            "課室情報セキュリティ責任者が、格付の見直しを指示しました（{ref}）。"
            "決め直すか、意見を送ります。", ref=article("4-2"),
        )  # fmt: skip
        self._says.tell(says if tasks else tr("修正の指示はありません。"))
        self.cards = [CorrectionCard(one) for one in tasks]
        for one in self.cards:
            one.opened.connect(self._decide_anew)
            one.answered.connect(self._answer)
            self._list.addWidget(one)
        set_reading_order(self)
        if self._begins:  # the page was empty, or what was pressed is gone
            self._begins = False
            open_ones = (one.again for one in self.cards if one.again.isEnabled())
            next(open_ones, self._back).setFocus()

    def _decide_anew(self, path: str) -> None:
        self.desktop.files_wanted.emit([path])

    def _answer(self, task: CorrectionTask, reason: str) -> None:
        area = self.desktop.desk.reviews

        def done(_row: "ReviewRow") -> None:
            self._begins = True
            self.shown()
            self.desktop.waiting_changed.emit()
            self.banner.tell(
                Told(
                    tr("意見を記録しました。"), tr("次の同期で責任者に届き、もう一度確認されます。")
                ),
                "well",
            )

        self.desktop.ask(
            self, lambda _job: area.answer(task.review, reason, (task.document,)), done, self.banner
        )
