"""暗号の緊急対応: the table at the left, what is concerned at the right, one step after another."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from meti_desk.services.emergency_messages import (
    Affected,
    AlgorithmRow,
    RemovedCopy,
    ReprotectRequest,
)
from meti_desk.services.messages import Done
from meti_desk.ui.emergency.model import AffectedModel, AlgorithmModel
from meti_desk.ui.handle.password import PasswordBlock
from meti_desk.ui.icons import IconMark
from meti_desk.ui.jobs import Job
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.strings import Told, term, told, tr
from meti_desk.ui.widgets.build import Text, card, column, empty, panel, row, rule
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.columns import Column, Columns
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.foot import banner_line
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.table import Table

_Held = tuple[tuple[AlgorithmRow, ...], Affected]


class EmergencyPage(Page):
    """Mark, look at what is concerned, protect it anew, remove the old copies."""

    left = Signal()

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self.algorithms, self.affected = AlgorithmModel(), AffectedModel()
        self.table = Table(self.algorithms, tr("暗号の一覧"), (150, 0, 70))
        self.files = Table(self.affected, tr("影響するファイル"), (0, 110, 240))
        self.unused = Check(tr("使っていない暗号も示す"))
        self.reference = Field(tr("根拠"), hint=tr("通知の番号や日付など"))
        self.mark = Button(tr("危殆化の印を付ける"), icon_name="alert", on=self._mark)
        self.lift = Button(tr("印を外す"), small=True, on=self._lift)
        self.notice = Button(tr("署名された通知を取り込む"), small=True, on=self._choose)
        self.password = Field(
            tr("今のパスワード"),
            secret=True,
            hint=tr("影響するファイルを保護したときのパスワードです。"),
        )
        self.anew = Button(tr("保護し直す"), "primary", icon_name="shield", on=self._reprotect)
        self.remove = Button(tr("古い写しを消去する"), on=self._ask_removal)
        self.sure = Button(tr("消去する"), "primary", on=self._remove)
        self._count = Text("", "strong")
        self._sure = self._confirmation()
        self._keys = column(spacing=4)
        self._new_password = column()
        self._lay_out()
        self.unused.toggled.connect(lambda on: self.algorithms.show_unused(unused=on))
        self.table.selectionModel().selectionChanged.connect(self._enable)
        self._show(((), Affected()))

    def _confirmation(self) -> QWidget:
        says = tr(
            "新しいファイルを確かめましたか。古い写しは元に戻せません。渡した相手の分は、相手に消去を依頼してください。"
        )
        back = Button(tr("やめる"))
        shown = card(
            column(
                Text(says, "body"),
                row(None, back, self.sure, spacing=12),
                spacing=10,
                margins=(16, 12, 16, 12),
            ),
            "urgent",
        )
        back.clicked.connect(self._keep)
        shown.hide()
        return shown

    def _lay_out(self) -> None:
        top = row(
            IconMark("alert", "danger", 24), Text(tr("暗号の緊急対応"), "h1", wrap=False), None,
            spacing=14, margins=(28, 14, 28, 14),
        )  # fmt: skip
        columns = Columns(
            Column(panel(self._left()), tr("暗号の一覧"), 520, "subtle"),
            Column(panel(self._right()), tr("影響するもの"), 0, "page"),
            room=1100,
        )
        inner = column(top, rule(), banner_line(self.banner), spacing=0)
        inner.addWidget(columns, 1)
        leave = Button(tr("終わる"), "quiet", on=self.left.emit)
        bottom = row(None, leave, self.remove, self.anew, spacing=12, margins=(28, 14, 28, 14))
        inner.addWidget(rule())
        inner.addWidget(panel(bottom, "page"))
        self.setLayout(inner)

    def _left(self) -> QVBoxLayout:
        says = Text(tr("安全でなくなった暗号に印を付けると、新しく使うことを断ります。"), "small")
        inner = column(
            Text(tr("暗号の一覧"), "h2"), says, self.unused, spacing=8, margins=(24, 16, 24, 18)
        )
        inner.addWidget(self.table, 1)
        inner.addWidget(self.reference)
        inner.addLayout(row(self.lift, None, self.mark, spacing=12))
        inner.addWidget(rule())
        inner.addLayout(row(self.notice, None))
        return inner

    def _right(self) -> QVBoxLayout:
        inner = column(
            Text(tr("影響するもの"), "h2"), self._count, spacing=8, margins=(24, 16, 24, 18)
        )
        inner.addWidget(self.files, 1)
        inner.addLayout(self._keys)
        inner.addWidget(self.password)
        inner.addWidget(self._sure)
        inner.addLayout(self._new_password)
        return inner

    def shown(self) -> None:
        """Read table and files anew."""
        area = self.desktop.desk.emergency

        def work(_job: Job) -> _Held:
            return area.algorithms(), area.affected()

        self.desktop.ask(self, work, self._show, self.banner)

    def _show(self, held: _Held) -> None:
        algorithms, affected = held
        chosen = self._chosen()
        self.algorithms.show_rows(algorithms)
        for number, one in enumerate(self.algorithms.rows):
            if chosen is not None and one.id == chosen.id:
                self.table.selectRow(number)
        self.affected.show_rows(affected.files)
        waiting, old = self.affected.count("waiting"), self.affected.count("replaced")
        self._count.tell(
            tr(
                "保護し直すもの {waiting}件・古い写し {old}件・全部で {all}件",
                waiting=waiting, old=old, all=len(affected.files),
            )
            if affected.files
            else term("affected.none")
        )  # fmt: skip
        empty(self._keys)
        for key in affected.keys:
            name = " ".join(filter(None, (term(f"affected.{key.kind}"), key.name)))
            line = f"{name}（{'・'.join(key.algorithms)}）"
            self._keys.addLayout(row(IconMark("key", "danger", 18), Text(line, "body"), spacing=8))
        self.password.setVisible(waiting > 0)
        self.anew.setEnabled(waiting > 0)
        self.remove.setEnabled(old > 0)
        self._enable()
        set_reading_order(self)

    def _chosen(self) -> AlgorithmRow | None:
        rows = self.table.selectionModel().selectedRows()
        held = self.algorithms.rows
        return held[rows[0].row()] if rows and rows[0].row() < len(held) else None

    def _enable(self) -> None:
        chosen = self._chosen()
        marked = chosen is not None and chosen.state == "compromised"
        self.mark.setEnabled(chosen is not None and not marked)
        self.lift.setEnabled(chosen is not None and marked and not chosen.by_notice)

    def _reference(self) -> str:
        self.reference.refuse("" if self.reference.text else tr("根拠を入れてください。"))
        if not self.reference.text:
            self.reference.edit.setFocus()
        return self.reference.text

    def _mark(self) -> None:
        chosen, reference = self._chosen(), self._reference()
        if chosen is None or not reference:
            return
        area = self.desktop.desk.emergency
        self.desktop.ask(
            self, lambda _job: area.mark([chosen.id], reference), self._changed, self.banner
        )

    def _lift(self) -> None:
        chosen, reference = self._chosen(), self._reference()
        if chosen is None or not reference:
            return
        area = self.desktop.desk.emergency
        self.desktop.ask(
            self, lambda _job: area.lift([chosen.id], reference), self._changed, self.banner
        )

    def _changed(self, _answer: object) -> None:
        self.reference.edit.clear()
        self.banner.hide()
        self.shown()

    def _choose(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, tr("署名された通知を選ぶ"))
        if name:
            self.take_notice(name)

    def take_notice(self, name: str) -> None:
        """Take over the notice of this name; its signature lies beside it."""
        area = self.desktop.desk.emergency
        self.desktop.ask(self, lambda _job: area.take_notice(name), self._changed, self.banner)

    def _reprotect(self) -> None:
        password = self.password.edit.text()
        self.password.refuse("" if password else tr("今のパスワードを入れてください。"))
        if not password:
            self.password.edit.setFocus()
            return
        area = self.desktop.desk.emergency
        self.anew.setEnabled(False)

        def work(job: Job) -> Done:
            return area.reprotect(ReprotectRequest(password=password), job)

        def step(done: int, total: int, _code: str) -> None:
            self._count.tell(tr("{done} / {total}件", done=done, total=total))

        self.desktop.ask(self, work, self._protected, self.banner, lambda _e: self._again(), step)

    def _protected(self, done: Done) -> None:
        errors = [one.error for one in done.files if one.error is not None]
        well = len(done.files) - len(errors)
        if errors:
            first = told(errors[0])
            said = tr("{n}件は保護し直せませんでした。", n=len(errors))
            self.banner.tell(Told(f"{said}{first.cause}", first.remedy), "error")
        else:
            self.password.edit.clear()
            said = tr("{n}件を保護し直しました。新しいパスワードを相手に伝えてください。", n=well)
            self.banner.tell(Told(said), "well")
        empty(self._new_password)
        if well:
            self._new_password.addWidget(PasswordBlock(done.password))
        self.shown()

    def _ask_removal(self) -> None:
        self._sure.show()
        self.sure.setFocus()

    def _keep(self) -> None:
        """Leave the old copies where they are."""
        self._sure.hide()
        self.remove.setFocus()

    def _again(self) -> None:
        """Let the person try once more, with the password that was asked for."""
        self.shown()
        self.password.edit.setFocus()
        self.password.edit.selectAll()

    def _remove(self) -> None:
        area = self.desktop.desk.emergency
        self._sure.hide()

        def done(rows: tuple[RemovedCopy, ...]) -> None:
            kept = [one.error for one in rows if one.error is not None]
            if kept:
                self.banner.tell(told(kept[0]), "error")
            else:
                self.banner.tell(Told(tr("古い写しを{n}件消去しました。", n=len(rows))), "well")
            self.shown()

        self.desktop.ask(self, lambda _job: area.remove_old(), done, self.banner)
