"""Fields with a visible label above them, which is their accessible name too."""

from PySide6.QtWidgets import QLineEdit, QWidget

from meti_desk.ui.widgets.build import Text, column, restyle

BESIDE = 7
"""Pixels between a field and its name or hint: as far as the focus indicator reaches around it."""


class Field(QWidget):
    """A labelled line of text with a hint below and room for what is wrong with it."""

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        secret: bool = False,
        text: str = "",
        small: bool = False,
        required: str = "",
    ) -> None:
        super().__init__()
        self.edit = QLineEdit(text)
        self.edit.setAccessibleName(label)
        self.edit.setAccessibleDescription(hint)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        if small:
            self.edit.setProperty("compact", "yes")
        shown = Text(f"{label}　{required}" if required else label, "small" if small else "strong")
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
        return self.edit.text().strip()

    def relabel(self, label: str) -> None:
        """Ask for something else in the same field."""
        self._label.setText(label)
        self.edit.setAccessibleName(label)
        self.refuse("")

    def set_hint(self, text: str) -> None:
        """Show another hint below the field."""
        self._hint.tell(text)
        self.edit.setAccessibleDescription(text)

    def refuse(self, text: str) -> None:
        """Say what is wrong with the field, or nothing when it is well."""
        self._wrong.tell(text)
        self.edit.setProperty("bad", "true" if text else "false")
        restyle(self.edit)
        if text:
            self.edit.setAccessibleDescription(text)
