"""The words of a share, typed from its sheet: counted and checked while they are typed."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from meti_desk.services.splitting_messages import WordFaultView, WordsView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, column, row
from meti_desk.ui.widgets.buttons import Button

_PAUSE = 200


class WordsBox(QFrame):
    """Emits `taken` with the text once the words are whole and fit together."""

    taken = Signal(str)

    def __init__(self, desktop: Desktop, banner: Banner) -> None:
        super().__init__()
        self._desktop = desktop
        self._banner = banner
        self.setProperty("card", "plain")
        self.edit = QPlainTextEdit()
        self.edit.setAccessibleName(tr("書面の語"))
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(active().pixels(92))
        self._state = Text("", "small")
        self._wrong = Text("", "error")
        self._wrong.hide()
        self.take = Button(tr("この語を加える"), small=True, on=self._take)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._check)
        self.edit.textChanged.connect(self._typed)
        caption = Text(tr("書面の語を入力する"), "h3")
        caption.setBuddy(self.edit)
        says = Text(tr("番号は入力しなくてかまいません。空白か改行で区切ります。"), "small")
        line = row(spacing=12)
        line.addWidget(self._state, 1)
        line.addWidget(self.take)
        self.setLayout(
            column(caption, says, self.edit, self._wrong, line, spacing=8, margins=(20, 14, 20, 14))
        )
        self._show(WordsView(count=0, expected=0))

    def clear(self) -> None:
        """Leave no words behind, in what can be undone either."""
        self.edit.clear()
        self.edit.document().clearUndoRedoStacks()

    def _typed(self) -> None:
        self.take.setEnabled(False)
        self._pause.start()

    def _check(self) -> None:
        desk, text = self._desktop.desk, self.edit.toPlainText()
        self._desktop.ask(
            self, lambda _job: desk.splits.check_words(text), self._show, self._banner
        )

    def _show(self, view: WordsView) -> None:
        counted = tr("{n}語（{of}語で全部です）", n=view.count, of=view.expected)
        self._state.setText(counted if view.count else tr("まだ入力されていません"))
        self._wrong.tell("\n".join(map(_fault, view.faults[:5])))
        self.take.setEnabled(view.whole)

    def _take(self) -> None:
        text = self.edit.toPlainText()
        self.clear()
        self.taken.emit(text)


def _fault(one: WordFaultView) -> str:
    if not one.place:
        return tr("{line}行目に、誤りがあります。", line=one.line)
    said = tr("{n}番目の語（{line}行目）が違います。", n=one.place, line=one.line)
    if one.suggestion:
        return f"{said}{tr('「{word}」ではありませんか。', word=one.suggestion)}"
    return said
