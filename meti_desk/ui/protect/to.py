"""To whom: from the address book or typed, each with what is known of the certificates."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QFrame, QVBoxLayout, QWidget

from meti_desk.ui.recipients.words import certificates_word, place_word
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, column, empty, panel, row, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.order import set_reading_order

if TYPE_CHECKING:
    from meti_desk.services.recipient_messages import RecipientView


def address_in(text: str) -> str:
    """Take the mail address out of what was typed or chosen: `氏名 <a@example.jp>`."""
    inside = text.partition("<")[2].partition(">")[0] if "<" in text else text
    return inside.strip().lower()


class ToBox(QFrame):
    """The recipients; none is allowed, too: the file is then for whoever has the password."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._book: dict[str, RecipientView] = {}
        self.mails: tuple[str, ...] = ()
        self.setProperty("card", "plain")
        self.field = Field(
            tr("宛先のメールアドレス"),
            small=True,
            hint=tr("氏名の一部でも、登録した宛先から選べます"),
        )
        self.add = Button(tr("宛先を加える"), small=True, icon_name="plus", on=self._add)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        line = row(spacing=8)
        line.addWidget(self.field, 1)
        line.addLayout(column(20, self.add, None, spacing=4))
        top = Text(tr("宛先"), "h2")
        self.setLayout(column(top, line, self._rows, spacing=8, margins=(20, 16, 20, 16)))
        self.field.edit.returnPressed.connect(self._add)

    def show_book(self, rows: "tuple[RecipientView, ...]") -> None:
        """Offer the recipients of the address book."""
        self._book = {one.mail: one for one in rows}
        names = [f"{one.name} <{one.mail}>" if one.name else one.mail for one in rows]
        offered = QCompleter(names, self.field.edit)
        offered.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        offered.setFilterMode(Qt.MatchFlag.MatchContains)
        self.field.edit.setCompleter(offered)
        self._show()

    def take(self, mail: str) -> None:
        """Add a recipient."""
        self.mails = tuple(dict.fromkeys((*self.mails, mail)))
        self._show()
        self.changed.emit()

    def _add(self) -> None:
        mail = address_in(self.field.text)
        name, _, domain = mail.partition("@")
        if not name or not domain:
            self.field.refuse(tr("メールアドレスを入力してください。"))
            return
        self.field.refuse("")
        self.field.edit.clear()
        self.take(mail)

    def _leave_out(self, mail: str) -> None:
        self.mails = tuple(one for one in self.mails if one != mail)
        self._show()
        self.field.edit.setFocus()  # the button that was pressed goes with its row
        self.changed.emit()

    def _show(self) -> None:
        empty(self._rows)
        for mail in self.mails:
            self._rows.addWidget(self._row(mail))
        set_reading_order(self)

    def _row(self, mail: str) -> QWidget:
        one = self._book.get(mail)
        line = row(spacing=8)
        line.addWidget(Text(f"{one.name}　{mail}" if one and one.name else mail), 1)
        if one is not None:
            line.addWidget(tag(place_word(inside=one.inside)))
            word = tr("証明書：{state}", state=certificates_word(one))
            line.addWidget(tag(word, "success" if one.ready else "warning"))
        else:
            line.addWidget(tag(tr("登録なし"), "warning"))
        leave = Button(
            tr("外す"), "quiet", small=True, name=tr("{mail}を外す", mail=mail),
            on=lambda: self._leave_out(mail),
        )  # fmt: skip
        line.addWidget(leave)
        return panel(line)
