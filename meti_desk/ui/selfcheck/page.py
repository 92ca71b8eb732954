"""自己点検: one question at a time, saved at each answer, resumed where it was left (Art. 92)."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QProgressBar, QWidget

from meti_desk.services.selfcheck_views import (
    Answered,
    AnswerRequest,
    FormView,
    ItemView,
    SubmissionView,
)
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.main.pills import Pills
from meti_desk.ui.selfcheck.aside import Aside
from meti_desk.ui.selfcheck.question import Question
from meti_desk.ui.selfcheck.review import Review
from meti_desk.ui.selfcheck.sections import REVIEW, Sections
from meti_desk.ui.selfcheck.steps import next_item, updated
from meti_desk.ui.strings import Told, tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column, panel, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.columns import Column, Columns
from meti_desk.ui.widgets.dates import shown_day
from meti_desk.ui.widgets.order import set_reading_order

_ANSWERS = 5
_LIST = 246
"""Pixels that the list of sections takes; the buttons below stand under the question."""


class SelfCheckPage(Page):
    """The wizard; answers go to the store at once, so that closing loses nothing."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self._view: FormView | None = None
        self._current = ""
        self._title = Text(tr("自己点検"), "h1")
        self._due = Text("", "small", wrap=False)
        self._saved = Text("", "well", wrap=False)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("自己点検の進み具合"))
        self._where = Text("", "small")
        self.sections = Sections()
        self.question = Question()
        self.aside = Aside()
        self.review = Review()
        self.back = Button(tr("戻る(&B)"), on=lambda: self._move(-1))
        self.forward = Button(tr("次へ(&N)"), "primary", on=lambda: self._move(1))
        self.later = Button(tr("あとで答える"), "quiet", on=self._later)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._columns = Columns(
            Column(self.sections, tr("設問のまとまり"), _LIST),
            Column(
                panel(column(self.question, self.review, spacing=0)),
                tr("設問"),
                head=self.question.head,
            ),
            Column(self.aside, tr("設問の説明"), 256),
            room=900,
            ruled=False,
            stacked_order=(1, 2, 0),
        )
        top = row(spacing=14)
        top.addWidget(self._title, 1)
        top.addWidget(Pills(self.desktop))
        where = row(self._where, None, self._saved, self._due, spacing=16)
        above = column(top, self.banner, 4, self._bar, where, 4, spacing=8, margins=(8, 0, 8, 0))
        self._steps = panel(
            row(self.back, self.forward, None, self.later, spacing=12, margins=(8, 8, 8, 0))
        )
        self._columns.stacked_changed.connect(self._align_steps)
        self._align_steps(stacked=False)
        whole = column(above, spacing=0, margins=(24, 26, 24, 16))
        whole.addWidget(self._columns, 1)
        whole.addWidget(self._steps)
        self.setLayout(whole)

    def _align_steps(self, stacked: bool) -> None:  # noqa: FBT001 - the signal's own argument
        layout = self._steps.layout()
        if layout is not None:
            left = 8 if stacked else active().pixels(_LIST + 16)
            layout.setContentsMargins(left, 8, 8, 0)

    def _show_review(self, *, review: bool) -> None:
        self.question.setVisible(not review)
        self.question.head.setVisible(not review)
        self.review.setVisible(review)
        self._steps.setVisible(not review)
        self._columns.show_column(2, shown=not review)

    def _connect(self) -> None:
        self.sections.chosen.connect(self._to_section)
        self.question.answered.connect(self._save)
        self.question.grown.connect(self._show_part)
        self.question.records_wanted.connect(self.desktop.records_wanted)
        self.review.question_wanted.connect(self._to_item)
        self.review.submit_wanted.connect(self._submit)
        self.review.withdraw_wanted.connect(self._withdraw)
        self.review.export_wanted.connect(self._export)
        for key in range(1, _ANSWERS + 1):
            shortcut = QShortcut(QKeySequence(str(key)), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda key=key: self._press(key))

    def shown(self) -> None:
        """Read the form anew: evidence may have come meanwhile."""
        checks = self.desktop.desk.selfcheck
        self.desktop.ask(self, lambda _job: checks.show(), self._show, self.banner)

    def _show(self, view: FormView) -> None:
        first = self._view is None
        self._view = view
        if first or not self._current:
            start = view.next or (view.items[0].link_id if view.items else "")
            self._current = start if view.state == "open" else REVIEW
        self._title.setText(view.title)
        due = tr("締切 {day}（あと{n}日）", day=shown_day(view.deadline), n=view.days_left)
        if view.days_left < 0:
            due = tr("締切 {day} を過ぎています", day=shown_day(view.deadline))
        self._due.setText(due if view.state == "open" else "")
        self._draw()
        if first:
            self._focus_answer()

    def _draw(self) -> None:
        view = self._view
        if view is None:
            return
        self._bar.setRange(0, max(1, view.applicable))
        self._bar.setValue(view.answered)
        item = self._item()
        section = item.section if item is not None else REVIEW
        self.sections.show_sections(view.sections, view.items, section)
        if item is None:
            self._where.setText(
                tr("{total}問のうち{n}問に答えました", total=view.applicable, n=view.answered)
            )
            self.review.show_form(view)
            if self.review.isHidden():
                self._show_review(review=True)
                self._begin_review()
        else:
            asked = [one for one in view.items if one.enabled]
            number = asked.index(item) + 1 if item in asked else item.number
            self._where.setText(tr("{total}問のうち{n}問目", total=len(asked), n=number))
            self.question.show_item(item, locked=view.state != "open")
            self.aside.show_item(item)
            self.back.setEnabled(number > 1)
            self._show_review(review=False)
        set_reading_order(self)

    def _item(self) -> ItemView | None:
        items = self._view.items if self._view else ()
        return next((one for one in items if one.link_id == self._current), None)

    def _begin_review(self) -> None:
        """Begin at its head: where the focus falls by itself would scroll past the state."""

        def begin() -> None:
            self.review.export.setFocus(Qt.FocusReason.OtherFocusReason)
            for scroll in self._columns.scrolls:
                if scroll.isAncestorOf(self.review):
                    scroll.verticalScrollBar().setValue(0)

        QTimer.singleShot(0, self.review, begin)

    def _show_part(self, part: QWidget) -> None:
        QTimer.singleShot(0, part, lambda: self._columns.reveal(part))

    def _press(self, key: int) -> None:
        if not self.question.isHidden():
            self.question.answers.press(key)

    def _move(self, step: int) -> None:
        self.question.save()
        if self._view is not None:
            self._go(next_item(self._view.items, self._current, step) or REVIEW)

    def _later(self) -> None:
        if self._view is not None:
            self._go(next_item(self._view.items, self._current, 1) or REVIEW)

    def _go(self, where: str) -> None:
        self._current = where
        self._saved.setText("")
        self._draw()
        if where == REVIEW:
            self.shown()
            return
        self._focus_answer()

    def _focus_answer(self) -> None:
        """Put the focus where the keys 1 to 5 work at once."""
        first = self.question.answers.first()
        if first is not None and first.isVisible():
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _to_section(self, section: str) -> None:
        self.question.save()
        items = self._view.items if self._view else ()
        asked = [one for one in items if one.section == section and one.enabled]
        open_ones = [one for one in asked if one.answer is None]
        found = (open_ones or asked)[:1]
        self._current = found[0].link_id if found else REVIEW
        self._draw()
        if not found:
            self.shown()

    def _to_item(self, link_id: str) -> None:
        self._go(link_id)

    def _save(self, request: AnswerRequest) -> None:
        view, checks = self._view, self.desktop.desk.selfcheck
        if view is None:
            return
        order = AnswerRequest(
            form=view.form,
            link_id=request.link_id,
            value=request.value,
            reason=request.reason,
            plan=request.plan,
            by_when=request.by_when,
            confirm=request.confirm,
        )
        self.desktop.ask(self, lambda _job: checks.answer(order), self._answered, self.banner)

    def _answered(self, done: Answered) -> None:
        if self._view is None:
            return
        self._view = updated(self._view, done)
        self.banner.hide()
        self._saved.setText(tr("✓ 保存しました"))
        self._bar.setRange(0, max(1, done.applicable))
        self._bar.setValue(done.answered)
        item = self._item()
        section = item.section if item is not None else REVIEW
        self.sections.show_sections(self._view.sections, self._view.items, section)
        if item is not None and item.link_id == done.item.link_id:
            self.question.tell_lacks(item)

    def _submit(self) -> None:
        checks, form = self.desktop.desk.selfcheck, self._view.form if self._view else ""
        self.desktop.ask(self, lambda _job: checks.submit(form), self._handed_in, self.banner)

    def _withdraw(self) -> None:
        checks, form = self.desktop.desk.selfcheck, self._view.form if self._view else ""
        self.desktop.ask(self, lambda _job: checks.withdraw(form), self._handed_in, self.banner)

    def _handed_in(self, _done: SubmissionView) -> None:
        self.shown()

    def _export(self) -> None:
        name = f"{self._view.title if self._view else ''}.docx"
        path, _ = QFileDialog.getSaveFileName(self, tr("自己点検票の保存先"), name, "docx (*.docx)")
        if path:
            self.export_to(path)

    def export_to(self, path: str) -> None:
        """Write the 自己点検票 to a file and say where it lies."""
        checks, form = self.desktop.desk.selfcheck, self._view.form if self._view else ""

        def done(written: Path) -> None:
            self.banner.tell(Told(tr("書き出しました。"), str(written)), "well")

        self.desktop.ask(self, lambda _job: checks.export(form, Path(path)), done, self.banner)
