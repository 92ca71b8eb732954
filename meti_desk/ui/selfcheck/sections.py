"""The sections at the left, each with how many of its questions are answered."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from meti_desk.services.selfcheck_views import ItemView, SectionView
from meti_desk.ui.icons import IconMark
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column, empty, row
from meti_desk.ui.widgets.buttons import Button

REVIEW = "_review"


class SectionButton(Button):
    """One section: a tick when it is complete, its title, and the count."""

    def __init__(self, title: str, answered: int, applicable: int) -> None:
        complete = applicable > 0 and answered == applicable
        count = tr("{n}/{total}", n=answered, total=applicable) if applicable else ""
        said = tr("{title}、{total}問のうち{n}問", title=title, total=applicable, n=answered)
        super().__init__("", "section", name=said if applicable else title)
        air = active().pixels(10)
        line = row(spacing=8, margins=(10, air, 10, air))
        if complete:
            line.addWidget(IconMark("check", "success", 18))
        line.addWidget(Text(title, "section"), 1)
        line.addWidget(Text(count, "small", wrap=False))
        self.setLayout(line)
        self.setToolTip(title)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """Be as high as the title needs at the width that it has."""
        width = self.width() if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else 0
        return QSize(active().pixels(200), self.heightForWidth(width or active().pixels(230)))

    def minimumSizeHint(self) -> QSize:
        """Give way in width: the title breaks into lines."""
        return QSize(active().pixels(120), self.sizeHint().height())

    def heightForWidth(self, width: int) -> int:
        """Be one line high, or more where the title breaks."""
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else 0


class Sections(QWidget):
    """List of sections, and 確認と提出 at its end."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._buttons: dict[str, SectionButton] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self.setLayout(column(self._list, None, margins=(8, 2, 8, 8)))
        self._shown: list[tuple[str, int, int]] = []

    def show_sections(
        self, sections: tuple[SectionView, ...], items: tuple[ItemView, ...], current: str
    ) -> None:
        """Show sections with counts; made anew only when a count changed."""
        wanted = [(s.id, *_counts(s.id, items)) for s in sections]
        if wanted != self._shown:
            self._make(sections, wanted)
        button = self._buttons.get(current)
        if button is not None:
            button.setChecked(True)

    def _make(self, sections: tuple[SectionView, ...], wanted: list[tuple[str, int, int]]) -> None:
        held = [s for s, b in self._buttons.items() if b.hasFocus()]
        for button in self._group.buttons():
            self._group.removeButton(button)
        empty(self._list)
        self._buttons = {}
        for section, (name, answered, applicable) in zip(sections, wanted, strict=True):
            self._add(name, SectionButton(section.title, answered, applicable))
        self._add(REVIEW, SectionButton(tr("確認と提出"), 0, 0))
        self._shown = wanted
        for name in held:
            self._buttons[name].setFocus()

    def _add(self, name: str, button: SectionButton) -> None:
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(button)
        self._list.addWidget(button)
        self._buttons[name] = button


def _counts(section: str, items: tuple[ItemView, ...]) -> tuple[int, int]:
    asked = [one for one in items if one.section == section and one.enabled]
    return sum(1 for one in asked if one.answer is not None), len(asked)
