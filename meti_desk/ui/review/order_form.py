"""修正の指示: the label as it should be, and why (Art. 4-2)."""

from PySide6.QtWidgets import QFrame

from meti_desk.ui.permits.wish import split_list
from meti_desk.ui.strings import article, tr
from meti_desk.ui.widgets.build import Text, column, panel
from meti_desk.ui.widgets.buttons import Button, Segmented
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.flow import Flow

KEPT = 0
"""What stays as it was decided."""


class OrderForm(QFrame):
    """Levels, restrictions and a note; all begin as decided."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self.c = _levels(tr("機密性"), 3)
        self.i = _levels(tr("完全性"), 2)
        self.a = _levels(tr("可用性"), 2)
        self.others = Check(tr("取扱制限も改める"))
        self.restrictions = Field(
            tr("取扱制限"), small=True, hint=tr("複数のときは、読点で区切ります。空欄は制限なし")
        )
        self.note = Field(tr("指示の理由"), small=True)
        self.valid = Button(tr("妥当と認める"), "primary")
        self.correct = Button(tr("修正を指示する"))
        levels = Flow(gap=12)
        lines = [
            panel(column(Text(name, "small", wrap=False), one, spacing=2))
            for name, one in (
                (tr("機密性"), self.c),
                (tr("完全性"), self.i),
                (tr("可用性"), self.a),
            )
        ]
        for part in lines:
            levels.add(part)
        self.setLayout(
            column(
                Text(tr("修正を指示するとき（{ref}）", ref=article("4-2")), "h3"), levels,
                self.others, self.restrictions, self.note, None, spacing=8,
                margins=(20, 14, 20, 16),
            )
        )  # fmt: skip
        self.restrictions.hide()
        self.others.toggled.connect(self.restrictions.setVisible)
        self.clear()

    def clear(self) -> None:
        """Begin anew: nothing is changed."""
        for one in (self.c, self.i, self.a):
            one.set_value(KEPT)
        self.others.setChecked(False)
        self.restrictions.edit.clear()
        self.note.edit.clear()
        self.note.refuse("")

    def offer(self, restrictions: tuple[str, ...]) -> None:
        """Begin with the restrictions that were decided."""
        if not self.others.isChecked():
            self.restrictions.edit.setText("、".join(restrictions))

    @property
    def levels(self) -> tuple[int, int, int]:
        """Give 機密性, 完全性, 可用性; 0 for what stays."""
        values = (one.value for one in (self.c, self.i, self.a))
        first, second, third = (one if isinstance(one, int) else KEPT for one in values)
        return first, second, third

    @property
    def named(self) -> tuple[str, ...] | None:
        """Give the restrictions as they should be; `None`: as decided."""
        return split_list(self.restrictions.text) if self.others.isChecked() else None

    def lets_valid(self) -> bool:
        """Tell whether 妥当 can be found: no order is begun; say so where one is."""
        begun = self.levels != (KEPT, KEPT, KEPT) or self.named is not None
        says = tr("改める格付を選んでいます。修正を指示するか、「そのまま」に戻してください。")
        self.note.refuse(says if begun else "")
        if begun:
            self.correct.setFocus()
        return not begun

    def check(self) -> bool:
        """Tell whether an order can be given, and say what is missing."""
        if self.levels == (KEPT, KEPT, KEPT) and self.named is None:
            self.note.refuse(tr("改める格付か取扱制限を選んでください。"))
            self.c.button(KEPT).setFocus()
            return False
        self.note.refuse("" if self.note.text else tr("指示の理由を書いてください。"))
        if not self.note.text:
            self.note.edit.setFocus()
        return bool(self.note.text)


def _levels(name: str, most: int) -> Segmented:
    kept: list[tuple[object, str]] = [(KEPT, tr("そのまま"))]
    return Segmented(name, [*kept, *((n, str(n)) for n in range(1, most + 1))], small=True)
