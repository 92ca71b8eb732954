"""The right column: 次にすること, what the action asks of the person, and its measures."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QMenu, QWidget

from meti_desk.services.messages import ActionName
from meti_desk.ui.classify.consult_form import ConsultForm
from meti_desk.ui.classify.draft import CARRIED_OUT, GIVEN, Draft
from meti_desk.ui.classify.measures import Measures
from meti_desk.ui.strings import Told, term, tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, column, row
from meti_desk.ui.widgets.buttons import Button, Segmented
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.strength import StrengthHint

if TYPE_CHECKING:
    from meti_desk.services.closing import Closing


def actions() -> tuple[tuple[ActionName, str], ...]:
    """Give the actions that have a button of their own."""
    return (
        ("store", tr("保存する")),
        ("distribute", tr("区域内で渡す")),
        ("transfer", tr("移送する")),
        ("provide", tr("省外に提供")),
        ("publish", tr("公表する")),
    )


def more_actions() -> tuple[tuple[ActionName, str], ...]:
    """Give the actions behind その他."""
    return (
        ("copy", tr("複製する")),
        ("print", tr("印刷する")),
        ("take-out", tr("持ち出す")),
        ("dispose", tr("消去する")),
    )


class ActionGrid(QWidget):
    """Six buttons; the last opens a menu with the rest."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setSpacing(8)
        grid.setContentsMargins(0, 0, 0, 0)
        self._buttons: dict[str, Button] = {}
        for place, (action, text) in enumerate(actions()):
            button = Button(text, "option")
            button.clicked.connect(lambda _on=False, action=action: self._choose(action))
            grid.addWidget(button, place // 3, place % 3)
            self._buttons[action] = button
        self._other = Button(tr("その他 ▾"), "option", name=tr("その他の取扱い"))
        menu = QMenu(self._other)
        for action, text in more_actions():
            entry = menu.addAction(text)
            entry.triggered.connect(lambda _on=False, action=action: self._choose(action))
        self._other.clicked.connect(self._open)
        self._menu = menu
        grid.addWidget(self._other, 1, 2)
        for at in range(3):
            grid.setColumnStretch(at, 1)

    def mark(self, action: str) -> None:
        """Show which action is chosen."""
        for name, button in self._buttons.items():
            button.setChecked(name == action)
        more = {str(name): text for name, text in more_actions()}
        self._other.setChecked(action in more)
        self._other.setText(more.get(action, tr("その他 ▾")))
        self._other.setAccessibleName(tr("その他の取扱い: {what}", what=self._other.text()))

    def _open(self) -> None:
        corner = self._other.mapToGlobal(self._other.rect().bottomLeft())
        self._other.setChecked(any(self._other.text() == t for _, t in more_actions()))
        self._menu.popup(corner)

    def _choose(self, action: str) -> None:
        self.mark(action)
        self.chosen.emit(action)


class GivingForm(QWidget):
    """To whom, and with which password (Arts. 13, 14); shown for 移送 and 提供."""

    changed = Signal()

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self.to = Field(tr("渡す相手のメールアドレス"), small=True)
        self.to.edit.setPlaceholderText(tr("複数のときは , で区切ります"))
        self.to.edit.setAccessibleDescription(tr("複数のときは , で区切ります"))
        self.contractor = Check(tr("業務の委託先に渡す"))
        self.password_kind = Segmented(
            tr("パスワード"),
            [
                ("made", tr("自動で作る")),
                ("own", tr("自分で決める")),
                ("agreed", tr("合意したもの")),
            ],
            small=True,
        )
        self.password_kind.set_value("made")
        self.password = Field(tr("パスワード（20文字以上を勧めます）"), secret=True, small=True)
        self._strength = StrengthHint(self.password.edit)
        self._own = QWidget()
        self._own.setLayout(column(self.password, self._strength, spacing=4))
        self._own.hide()
        self.reason = Field(tr("パスワードをファイルと同じ経路で送る理由"), small=True)
        self.reason.hide()
        self.key = Field(
            tr("署名する鍵のパスワード又は暗証番号"), secret=True, small=True,
            hint=tr("鍵は「設定」の「自分の鍵」で選びます。"),
        )  # fmt: skip
        self.key.hide()
        caption = Text(tr("パスワード"), "small")
        self.keys = QWidget()
        self.keys.setLayout(column(caption, row(self.password_kind, None), self._own, spacing=4))
        self.method = Text("", "small")
        self.method.hide()
        self.setLayout(
            column(
                self.to,
                self.contractor,
                self.method,
                self.keys,
                self.reason,
                self.key,
                spacing=8,
            )
        )
        self.to.edit.textEdited.connect(self._read)
        self.contractor.toggled.connect(self._read)
        self.password_kind.chosen.connect(self._read)
        self.password.edit.textEdited.connect(self._read)
        self.reason.edit.textEdited.connect(self._read)
        self.key.edit.textEdited.connect(self._read)

    def show_draft(self) -> None:
        """Show the draft's own values."""
        self.to.edit.setText(", ".join(self._draft.to))
        self.contractor.setChecked(self._draft.contractor)

    def show_closing(self, closing: "Closing | None") -> None:
        """Show the proposed method and why; certificates that suffice leave no password to ask."""
        held = closing if closing is not None and closing.methods else None
        self.keys.setVisible(held is None or not held.by_certificate)
        if held is None:
            self.method.tell("")
            return
        if held.by_certificate:
            self.password_kind.set_value("made")
            self.password.edit.clear()
            self._own.hide()
            self._draft.password = ""
        names = "、".join(term(f"method.{one}") for one in held.methods)
        says = (tr("保護の方法：{methods}", methods=names), *map(term, (held.why, *held.notes)))
        self.method.tell("\n".join(says))

    def ask_reason(self) -> None:
        """Let the person say why the password goes the same way, after that was refused."""
        self.reason.show()
        self.reason.edit.setFocus()

    def ask_key(self) -> None:
        """Ask for the key's password while a signature is necessary, and forget it otherwise."""
        self.key.setVisible(self._draft.signs)
        if not self._draft.signs:
            self.key.edit.clear()
            self._draft.key_secret = ""

    def _read(self) -> None:
        words = self.to.text.replace("、", ",").replace(";", ",").split(",")
        self._draft.to = tuple(word.strip() for word in words if word.strip())
        self._draft.contractor = self.contractor.isChecked()
        own = self.password_kind.value == "own"
        self._draft.agreed = self.password_kind.value == "agreed"
        self._own.setVisible(own)
        self._draft.password = self.password.edit.text() if own else ""
        self._draft.same_route_reason = self.reason.text
        self._draft.key_secret = self.key.edit.text()
        self.changed.emit()


class NextPanel(QWidget):
    """次にすること."""

    changed = Signal()
    ask_wanted = Signal()
    """The person wants to ask for a permit (申請)."""
    findings_wanted = Signal()
    """The person wants to see what will be removed, and choose."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self.grid = ActionGrid()
        self.findings = Button(
            tr("見つかった付加情報を見る"),
            small=True,
            icon_name="search",
            on=self.findings_wanted.emit,
        )
        self._kept = Text("", "small")
        self.giving = GivingForm(draft)
        self.measures = Measures()
        self.problem = Banner()
        self.consult = ConsultForm()
        self._only_shown = Text(
            tr("この取扱いは、必要な措置の案内だけを行います。措置は手順に従って行ってください。"),
            "small",
        )
        self._place = Elided("", "small")
        change = Button(tr("変える"), "link", name=tr("保存先を変える"), on=self._change_place)
        line = row(Text(tr("保存先"), "small", wrap=False), spacing=8)
        line.addWidget(self._place, 1)
        line.addWidget(change)
        self.where = QWidget()
        self.where.setLayout(line)
        self.setLayout(
            column(
                Text(tr("次にすること"), "h2"),
                4,
                self.grid,
                4,
                self._only_shown,
                self.giving,
                row(self.findings, None),
                self._kept,
                self.problem,
                self.consult,
                self.measures,
                None,
                spacing=8,
                margins=(24, 24, 24, 24),
            )
        )
        self.grid.chosen.connect(self._choose)
        self.giving.changed.connect(self.changed)
        self.measures.decided.connect(self._decide)
        self.measures.permit_noted.connect(self._note)
        self.measures.permit_named.connect(self._name_permit)
        self.measures.ask_wanted.connect(self.ask_wanted)
        self.show_draft()

    def show_draft(self) -> None:
        """Show what the chosen action asks."""
        draft = self._draft
        self.grid.mark(draft.action)
        self.giving.ask_key()
        self.giving.setVisible(draft.action in GIVEN)
        self._only_shown.setVisible(draft.action not in CARRIED_OUT)
        given_away = draft.action in {"provide", "publish"}
        self.where.setVisible(given_away)
        self.findings.setVisible(given_away and bool(draft.paths))
        kept = len(draft.keep) if given_away else 0
        self._kept.tell(tr("付加情報のうち{n}種類を残します。", n=kept) if kept else "")
        self._place.setText(draft.out_folder)
        self._place.setToolTip(draft.out_folder)

    def refuse(self, said: Told | None) -> None:
        """Show why a plan cannot be made, or nothing."""
        if said is None:
            self.problem.hide()
        else:
            self.problem.tell(said)

    def _choose(self, action: str) -> None:
        for name, _text in (*actions(), *more_actions()):
            if name == action:
                self._draft.action = name
        self.show_draft()
        self.changed.emit()

    def _decide(self, measure_id: str, decision: str) -> None:
        self._draft.decisions[measure_id] = decision
        self.giving.ask_key()
        self.changed.emit()

    def _note(self, permit: tuple[str, str, str]) -> None:
        self._draft.permit = permit
        self.changed.emit()

    def _name_permit(self, permit_id: str) -> None:
        self._draft.permit_id = permit_id
        self.changed.emit()

    def _change_place(self) -> None:
        start = self._draft.out_folder
        folder = QFileDialog.getExistingDirectory(self, tr("保存先のフォルダを選ぶ"), start)
        if folder:
            self._draft.out = folder
            self.show_draft()
