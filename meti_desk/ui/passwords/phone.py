"""電話での伝え方: what to read out, in lines that can be ticked off while speaking."""

from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from meti_desk.protection.reading import telephone
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column, row
from meti_desk.ui.widgets.buttons import Button

_SIZE = (560, 420)


class PhoneText(QDialog):
    """Shows the text of one password; nothing of it stays when the window is closed."""

    def __init__(self, password: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("電話での伝え方"))
        self.setProperty("ground", "page")
        self.resize(*(active().pixels(side) for side in _SIZE))
        self.text = QPlainTextEdit("\n".join(telephone(password)))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(tr("読み上げる文"))
        self.close_button = Button(tr("閉じる"), "primary", on=self.close)
        says = Text(
            tr("相手の名前を確かめてから、ゆっくり読みます。復唱してもらうと確かです。"), "body"
        )
        warn = Text(tr("周りの人に聞こえないところで電話してください。"), "small")
        whole = column(Text(tr("電話での伝え方"), "h2"), says, warn, spacing=10,
                       margins=(20, 18, 20, 18))  # fmt: skip
        whole.addWidget(self.text, 1)
        whole.addLayout(row(None, self.close_button, spacing=12))
        self.setLayout(whole)
        self.finished.connect(lambda _code: self.text.clear())


def show_phone_text(password: str, parent: QWidget) -> PhoneText:
    """Open the text above the window and give the dialog."""
    dialog = PhoneText(password, parent)
    dialog.show()
    return dialog
