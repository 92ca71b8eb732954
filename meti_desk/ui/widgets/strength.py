"""How well a passphrase withstands guessing, told in words beside a bar."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QProgressBar, QWidget

from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, column

_PAUSE = 150
_LONGEST = 72
"""zxcvbn reads no more; what is longer is at least as strong as its beginning."""


def score(text: str) -> int:
    """Rate a passphrase from 0 (guessed at once) to 4 (out of reach)."""
    if not text:
        return 0
    from zxcvbn import zxcvbn

    return int(zxcvbn(text[:_LONGEST])["score"])


class StrengthHint(QWidget):
    """Follows a password field; stays hidden while it is empty."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__()
        self._field = field
        self._bar = QProgressBar()
        self._bar.setRange(0, 4)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("推測されにくさ"))
        self._says = Text("", "small")
        self.setLayout(column(self._bar, self._says, spacing=4))
        self.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._show)
        field.textChanged.connect(self._wait)

    def _wait(self) -> None:
        self._pause.start()

    def _show(self) -> None:
        text = self._field.text()
        self.setVisible(bool(text))
        rating = score(text)
        words = (
            tr("とても弱い：すぐに推測されます"),
            tr("弱い：短い時間で推測されます"),
            tr("ふつう：もう少し長くしてください"),
            tr("強い"),
            tr("とても強い"),
        )
        self._bar.setValue(rating)
        self._says.setText(tr("推測されにくさ：{word}", word=words[rating]))
