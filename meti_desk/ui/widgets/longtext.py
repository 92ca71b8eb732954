"""A labelled box for some sentences, with room for what is wrong with them."""

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column
from meti_desk.ui.widgets.fields import BESIDE


class LongField(QWidget):
    """Several lines; Tab leaves it, as it leaves every other field."""

    def __init__(self, label: str, *, hint: str = "", lines: int = 3) -> None:
        super().__init__()
        self.edit = QPlainTextEdit()
        self.edit.setAccessibleName(label)
        self.edit.setAccessibleDescription(hint)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(active().pixels(22 * lines + 20))
        shown = Text(label, "small")
        shown.setBuddy(self.edit)
        self._label = shown
        self._hint = Text(hint, "small")
        if not hint:  # to show what has no parent yet would open a window for a moment
            self._hint.hide()
        self._wrong = Text("", "error")
        self._wrong.hide()
        self.setLayout(column(shown, self.edit, self._hint, self._wrong, spacing=BESIDE))

    @property
    def text(self) -> str:
        """Give what was typed, without white space around it."""
        return self.edit.toPlainText().strip()

    def clear(self) -> None:
        """Leave nothing of it, in what can be undone either."""
        self.edit.clear()
        self.edit.document().clearUndoRedoStacks()
        self.refuse("")

    def refuse(self, text: str) -> None:
        """Say what is wrong, or nothing when it is well."""
        self._wrong.tell(text)
        if text:
            self.edit.setAccessibleDescription(text)
            self.edit.setFocus()
