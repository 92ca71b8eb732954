"""Who a recipient is, and what arrives there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout

from meti_desk.services.recipient_messages import RecipientRequest
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.fields import Field

if TYPE_CHECKING:
    from meti_desk.services.recipient_messages import RecipientView


_LARGE = 1.5
"""Size of text from which three methods do not fit in one line."""


def method_names() -> dict[str, str]:
    """Give the methods by short names, as a person ticks them."""
    return {
        "office": "Office",
        "pdf": "PDF",
        "zip": "ZIP",
        "cms": "CMS (.p7m)",
        "metienc": ".metienc",
        "html": tr("HTML ページ"),
    }


class RecipientForm(QFrame):
    """Name, organisation, mail, what can be received; 保存する and 除く."""

    kept = Signal(object)
    """What is to be kept, as `RecipientRequest`."""
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._before = ""
        self.setProperty("card", "plain")
        self._title = Text("", "h2")
        self.mail = Field(tr("メールアドレス"), small=True, required=tr("必須"))
        self.name = Field(tr("氏名"), small=True)
        self.organisation = Field(tr("機関・会社"), small=True)
        self.note = Field(tr("覚え書き"), small=True)
        self.accepts = {one: Check(name) for one, name in method_names().items()}
        self.blocks = Check(tr("相手のメールが、暗号化した添付ファイルを止める"))
        self.keep = Button(tr("保存する"), name=tr("宛先を保存する"), on=self._keep)
        self.drop = Button(tr("宛先を除く"), "quiet", small=True, on=self._drop)
        methods = QGridLayout()
        methods.setSpacing(8)
        side_by_side = 3 if active().scale < _LARGE else 2
        for number, box in enumerate(self.accepts.values()):
            methods.addWidget(box, *divmod(number, side_by_side))
        names = row(spacing=12)
        names.addWidget(self.name, 1)
        names.addWidget(self.organisation, 1)
        self.setLayout(
            column(
                self._title, self.mail, names,
                Text(tr("受け取れる方法（分からなければ選ばない）"), "small"), methods,
                self.blocks, self.note, row(self.drop, None, self.keep),
                spacing=10, margins=(20, 16, 20, 16),
            )
        )  # fmt: skip

    def show_recipient(self, one: "RecipientView | None") -> None:
        """Show a recipient, or an empty form for a new one."""
        self._before = one.mail if one else ""
        self._title.setText((one.name or one.mail) if one else tr("新しい宛先"))
        self.mail.edit.setText(one.mail if one else "")
        self.name.edit.setText(one.name if one else "")
        self.organisation.edit.setText(one.organisation if one else "")
        self.note.edit.setText(one.note if one else "")
        for method, box in self.accepts.items():
            box.setChecked(one is not None and method in one.accepts)
        self.blocks.setChecked(one is not None and one.blocks_encrypted)
        self.drop.setVisible(one is not None)
        self.mail.refuse("")

    def request(self) -> RecipientRequest:
        """Give what stands in the form."""
        return RecipientRequest(
            mail=self.mail.text,
            name=self.name.text,
            organisation=self.organisation.text,
            accepts=tuple(one for one, box in self.accepts.items() if box.isChecked()),
            blocks_encrypted=self.blocks.isChecked(),
            note=self.note.text,
            before=self._before,
        )

    def _keep(self) -> None:
        if not self.mail.text:
            self.mail.refuse(tr("メールアドレスを入力してください。"))
            self.mail.edit.setFocus()
            return
        self.kept.emit(self.request())

    def _drop(self) -> None:
        self.removed.emit(self._before)
