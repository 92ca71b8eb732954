"""What went wrong, said in the page: cause, what the person can do, and the article."""

from PySide6.QtWidgets import QFrame, QSizePolicy

from meti_desk.ui.icons import IconMark
from meti_desk.ui.strings import Told, tr
from meti_desk.ui.widgets.build import Text, column, restyle, row
from meti_desk.ui.widgets.buttons import Button

_LOOKS = {"error": ("alert", "danger"), "warn": ("alert", "warning"), "well": ("check", "success")}


class Banner(QFrame):
    """A message above a page; hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._mark = IconMark("alert", "danger", 24)
        self._cause = Text("", "strong")
        self._remedy = Text("", "body")
        self._article = Text("", "small")
        self._close = Button(tr("閉じる"), "quiet", small=True, on=self.hide)
        layout = row(self._mark, spacing=14, margins=(16, 10, 12, 10))
        layout.addLayout(column(self._cause, self._remedy, self._article, spacing=2), 1)
        layout.addWidget(self._close)
        self.setLayout(layout)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.hide()

    def take_focus(self) -> None:
        """Take the keyboard here: what was pressed is gone, and this says why."""
        self._close.setFocus()

    def tell(self, told: Told, kind: str = "error") -> None:
        """Show a message of the kind `error`, `warn` or `well`, and let screen readers say it."""
        from PySide6.QtGui import QAccessible, QAccessibleEvent

        name, role = _LOOKS[kind]
        self._mark.show_icon(name, role)
        self.setProperty("card", kind)
        restyle(self)
        self._cause.tell(told.cause)
        self._remedy.tell(told.remedy)
        self._article.tell(told.article)
        self.setAccessibleName(" ".join(filter(None, (told.cause, told.remedy, told.article))))
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
