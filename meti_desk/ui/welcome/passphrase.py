"""A new passphrase, typed twice, with a hint how well it withstands guessing."""

from PySide6.QtWidgets import QWidget

from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import column, row
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.strength import StrengthHint

SHORTEST = 12
"""Characters that a passphrase needs at least."""


class NewPassphrase(QWidget):
    """Two secret fields side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.first = Field(
            tr("パスフレーズ"),
            hint=tr("{n}文字以上。いくつかの単語を並べると覚えやすく強くなります。", n=SHORTEST),
            secret=True,
            required=tr("必須"),
        )
        self.second = Field(tr("パスフレーズ（もう一度）"), secret=True, required=tr("必須"))
        halves = row(spacing=16)
        halves.addLayout(column(self.first, StrengthHint(self.first.edit), None, spacing=4), 1)
        halves.addLayout(column(self.second, None), 1)
        self.setLayout(halves)

    def passphrase(self) -> str:
        """Give the passphrase, or nothing after saying what is wrong."""
        one, two = self.first.edit.text(), self.second.edit.text()
        short = len(one) < SHORTEST
        self.first.refuse(tr("{n}文字以上にしてください。", n=SHORTEST) if short else "")
        differs = not short and one != two
        self.second.refuse(tr("二つのパスフレーズが違います。") if differs else "")
        if short:
            self.first.edit.setFocus()
        elif differs:
            self.second.edit.setFocus()
        return "" if short or differs else one

    def forget(self) -> None:
        """Empty both fields."""
        self.first.edit.clear()
        self.second.edit.clear()
