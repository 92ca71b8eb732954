"""The card that shows one request whole, or what many have in common and where they differ."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QWidget

from meti_desk.ui.review.compare import SIGN, Line
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column, empty, panel, row, tag
from meti_desk.ui.widgets.facts import Facts

_NAMES = 104
_MOST = 4
"""Values of one field that are named; the others are counted."""


class Compared(QFrame):
    """Facts of one, or lines of many."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self._title = Text("", "h3")
        self._wrong = Text("", "error")
        self._says = Text("", "small")
        self._facts = Facts()
        self._lines = column(spacing=8)
        self.setLayout(
            column(
                self._title, self._wrong, self._says, self._facts, self._lines, None, spacing=8,
                margins=(20, 14, 20, 16),
            )
        )  # fmt: skip

    def show_none(self, title: str, says: str = "") -> None:
        """Show that nothing is chosen, or nothing waits."""
        self._title.setText(title)
        self._wrong.tell("")
        self._says.tell(says)
        self._facts.show_facts([])
        empty(self._lines)

    def show_one(
        self, title: str, says: str, facts: Sequence[tuple[str, str]], wrong: str = ""
    ) -> None:
        """Show all that is known of one; `wrong`: why it is not to be relied on."""
        self.show_none(title, says)
        self._wrong.tell(wrong)
        self._facts.show_facts(facts)

    def show_many(self, title: str, lines: Sequence[Line]) -> None:
        """Show what differs first, then what is the same."""
        differ = sum(not one.same for one in lines)
        says = tr(
            "{n}項目がちがいます。ちがうところに {sign} を付けています。",
            n=differ,
            sign=SIGN.strip(),
        )
        self.show_none(title, says if differ else tr("文書のほかは、すべて同じです。"))
        for one in sorted(lines, key=lambda line: line.same):
            self._lines.addWidget(_line(one))


def _line(one: Line) -> QWidget:
    name = Text(one.name, "small")
    name.setFixedWidth(active().pixels(_NAMES))
    parts = row(spacing=12)
    if one.same:
        parts.addLayout(column(2, name, None, spacing=0))
        parts.addWidget(Text(one.values[0][0], "body"), 1)
        return panel(parts)
    shown = [Text(tr("{value}（{n}件）", value=one.values[0][0], n=one.values[0][1]), "body")]
    for value, count in one.values[1:_MOST]:
        text = tr("{value}（{n}件）", value=value or tr("なし"), n=count)
        shown.append(Text(f"{SIGN}{text}", "strong"))
    left = sum(count for _value, count in one.values[_MOST:])
    if left:
        shown.append(Text(f"{SIGN}{tr('ほか{n}件', n=left)}", "strong"))
    parts.addLayout(column(2, name, tag(tr("ちがう"), "warning"), None, spacing=4))
    parts.addLayout(column(*shown, None, spacing=2), 1)
    return panel(parts)
