"""口頭・書面の許可: staff noted them and acted; the responsible person says whether it was so."""

from PySide6.QtWidgets import QFrame

from meti_desk.services.permit_messages import NotedRow
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.permits.words import noted_facts, unsound
from meti_desk.ui.review.compare import Field, lines
from meti_desk.ui.review.compared import Compared
from meti_desk.ui.review.decision import GRANT_KEYS
from meti_desk.ui.review.part import Bar, ListPart, shortcut
from meti_desk.ui.strings import term, tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, column
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.fields import Field as TextField
from meti_desk.ui.widgets.rows import RowsModel


def _act(one: NotedRow) -> str:
    return term(f"action.{one.action}", one.action) if one.action else ""


def _cells(one: NotedRow) -> tuple[str, ...]:
    return one.person, _act(one), one.title, one.who, one.when, one.how


def _heads() -> tuple[str, ...]:
    return (
        tr("記入した人"), tr("取扱い"), tr("文書"), tr("許可した人"), tr("許可の日"), tr("方法"),
    )  # fmt: skip


class NotedPart(ListPart[NotedRow]):
    """Confirms one or many; one that was never given is answered with a word."""

    def __init__(self, desktop: Desktop, banner: Banner) -> None:
        model: RowsModel[NotedRow] = RowsModel(
            _heads(),
            _cells, lambda one: one.id,
        )  # fmt: skip
        super().__init__(
            model,
            tr("口頭・書面の許可の一覧"),
            (120, 170, 0, 170, 110, 110),
            spare=(1, 5, 4, 3),
        )
        self._desktop, self._banner = desktop, banner
        self.about = Compared()
        self.note = TextField(tr("付記（許可していないときは必須）"), small=True)
        self.right = Button(tr("確認した"), "primary", on=lambda: self._judge(right=True))
        self.wrong = Button(tr("許可していない"), on=lambda: self._judge(right=False))
        form = QFrame()
        form.setProperty("card", "plain")
        says = Text(
            tr("記入のとおりに許可したかを答えます。許可していないときは、本人に知らせます。"),
            "small",
        )
        keys = tr("Ctrl+A：すべて選ぶ　Ctrl+Enter：確認した")
        form.setLayout(
            column(
                Text(tr("確認"), "h3"), says, self.note,
                None,
                spacing=8, margins=(20, 14, 20, 16),
            )
        )  # fmt: skip
        self.lay_out(self.about, form, Bar(self.wrong, self.right, keys=keys))
        self.chosen_changed.connect(self._show_chosen)
        for key in GRANT_KEYS:
            shortcut(self, key).activated.connect(self.right.click)

    def _show_chosen(self) -> None:
        chosen = self.chosen
        self.right.setEnabled(bool(chosen) and all(one.words_sound for one in chosen))
        self.wrong.setEnabled(bool(chosen))
        if len(chosen) > 1:
            fields: list[Field[NotedRow]] = [
                (tr("記入した人"), lambda one: one.person),
                (tr("取扱い"), _act),
                (tr("許可した人"), lambda one: one.who),
                (tr("許可の日"), lambda one: one.when),
                (tr("許可の方法"), lambda one: one.how),
            ]
            self.about.show_many(tr("{n}件の許可", n=len(chosen)), lines(chosen, fields))
        elif chosen:
            wrong = "" if chosen[0].words_sound else unsound()
            self.about.show_one(chosen[0].title, "", noted_facts(chosen[0]), wrong)
        else:
            says = tr("職員が口頭・書面の許可を記入すると、次の同期でここに届きます。")
            self.about.show_none(tr("確認を待つ許可はありません"), says)

    def _judge(self, *, right: bool) -> None:
        chosen, note, area = self.chosen, self.note.text, self._desktop.desk.permits
        lacks = not right and not note
        self.note.refuse(tr("許可していないことについて、一言書いてください。") if lacks else "")
        if lacks or not chosen:
            self.note.edit.setFocus()
            return

        def work(_job: object) -> int:
            for one in chosen:
                area.judge_noted(one.id, right=right, note=note)
            return len(chosen)

        def done(count: int) -> None:
            self.note.edit.clear()
            said = tr("{n}件を確認しました。", n=count)
            self.carried.emit(said if right else tr("{n}件を、許可なしと答えました。", n=count))

        self._desktop.ask(self, work, done, self._banner)
