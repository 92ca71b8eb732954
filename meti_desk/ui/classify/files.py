"""The left column: the files, and the documents that they were made from (Art. 6)."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from meti_desk.services.messages import InspectedFile, SuggestedFile
from meti_desk.ui.classify.draft import Draft
from meti_desk.ui.classify.sources import SourceList
from meti_desk.ui.strings import format_name, label_line, obstacle, told, tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column, empty, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.elided import Elided


class FileCard(Button):
    """One file with its kind and state; chosen to see its evidence."""

    def __init__(self, path: str) -> None:
        name = Path(path).name
        super().__init__("", "filecard", name=name)
        self.path = path
        self._name = name
        self._about = Elided(tr("読み込んでいます…"), "small")
        title = Elided(name, "strong")
        self.setToolTip(path)
        self.setLayout(column(title, self._about, spacing=0, margins=(12, 8, 12, 8)))
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """Leave room for two lines."""
        return QSize(active().pixels(190), active().pixels(62))

    def minimumSizeHint(self) -> QSize:
        """Keep the two lines."""
        return QSize(active().pixels(120), active().pixels(62))

    def describe(self, suggested: SuggestedFile | None, inspected: InspectedFile | None) -> None:
        """Tell what the file is, its state, and how much 付加情報 it carries."""
        parts: list[str] = []
        for one in (suggested, inspected):
            if one is not None and one.error is not None:
                parts = [told(one.error).cause]
                break
        else:
            if suggested is not None:
                parts += [format_name(suggested.format), label_line(suggested.label)]
            if inspected is not None and inspected.obstacle:
                parts.append(obstacle(inspected.obstacle))
            elif inspected is not None and inspected.findings:
                count = sum(one.count for one in inspected.findings)
                parts.append(tr("付加情報{n}件", n=count))
        text = "・".join(filter(None, parts))
        self._about.setText(text)
        self._about.setToolTip(text)
        self.setAccessibleName(f"{self._name}　{text}")


class FilesColumn(QWidget):
    """ファイル and 元の文書."""

    chosen = Signal(str)
    more_files_wanted = Signal()
    sources_wanted = Signal()
    record_wanted = Signal()
    """The person wants to choose a source in 取扱記録."""
    picture_wanted = Signal()
    findings_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "clear")
        self._group = QButtonGroup(self)
        self._cards: dict[str, FileCard] = {}
        self._files = QVBoxLayout()
        self._files.setSpacing(4)
        self.sources = SourceList()
        add = Button(
            tr("ファイルを加える"), "link", icon_name="plus", on=self.more_files_wanted.emit
        )
        source = Button(
            tr("元の文書を加える"), "link", icon_name="plus", on=self.sources_wanted.emit
        )
        record = Button(
            tr("取扱記録から選ぶ"),
            "link",
            icon_name="list",
            name=tr("取扱記録から元の文書を選ぶ"),
            on=self.record_wanted.emit,
        )
        self.picture = Button(
            tr("図で見る"),
            "link",
            icon_name="branch",
            name=tr("元の文書と作られた文書を図で見る"),
            on=self.picture_wanted.emit,
        )
        self.picture.hide()
        self.findings = Button(
            tr("付加情報を見る"), "link", icon_name="search", on=self.findings_wanted.emit
        )
        self.findings.hide()
        self.setLayout(
            column(
                Text(tr("ファイル"), "h2"),
                4,
                self._files,
                row(add, None),
                row(self.findings, None),
                14,
                Text(tr("元の文書"), "h2"),
                4,
                self.sources,
                row(source, None),
                row(record, None),
                row(self.picture, None),
                None,
                spacing=6,
                margins=(24, 24, 24, 24),
            )
        )

    def show_files(self, paths: Sequence[str]) -> None:
        """List files; the first is chosen."""
        for button in self._group.buttons():
            self._group.removeButton(button)
        empty(self._files)
        self._cards = {}
        for path in paths:
            made = FileCard(path)
            made.clicked.connect(lambda _on=False, path=path: self.chosen.emit(path))
            self._group.addButton(made)
            self._files.addWidget(made)
            self._cards[path] = made
        if paths:
            self._cards[paths[0]].setChecked(True)

    def describe(
        self, suggested: Sequence[SuggestedFile], inspected: Sequence[InspectedFile]
    ) -> None:
        """Show what was found in the files."""
        proposals = {one.path: one for one in suggested}
        looks = {one.path: one for one in inspected}
        self.findings.setVisible(bool(self._cards))
        for path, shown in self._cards.items():
            shown.describe(proposals.get(path), looks.get(path))

    def show_sources(
        self, draft: Draft, inspected: Sequence[InspectedFile], suggested: Sequence[SuggestedFile]
    ) -> None:
        """List sources: known, named and found; a document with a record has a picture of them."""
        self.sources.show_sources(draft, inspected, suggested)
        self.picture.setVisible(any(one.label is not None for one in inspected))
