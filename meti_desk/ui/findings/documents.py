"""The documents that are looked at: name and what was found, however many they are."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from meti_desk.services.messages import InspectedFile
from meti_desk.ui.findings.words import (
    BLOCKED,
    BLOCKS,
    found_line,
    severity_sign,
    severity_word,
    total,
    worst,
)
from meti_desk.ui.icons import icon
from meti_desk.ui.strings import obstacle, told, tr

_Index = QModelIndex | QPersistentModelIndex


class NamesModel(QAbstractTableModel):
    """One row for each document, with its name."""

    def __init__(self, *more: str) -> None:
        super().__init__()
        self.paths: tuple[str, ...] = ()
        self._heads = (tr("ファイル"), *more)

    def show_paths(self, paths: Sequence[str]) -> None:
        """List documents; those that are there already stay as they are."""
        known = len(self.paths)
        if known and tuple(paths[:known]) == self.paths:
            if len(paths) > known:
                self.beginInsertRows(QModelIndex(), known, len(paths) - 1)
                self.paths = tuple(paths)
                self.endInsertRows()
            return
        self.beginResetModel()
        self.paths = tuple(paths)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Count the documents."""
        return 0 if parent is not None and parent.isValid() else len(self.paths)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Count the columns."""
        return 0 if parent is not None and parent.isValid() else len(self._heads)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give the name; the tip is the whole path."""
        if not index.isValid() or index.column() > 0:
            return None
        path = self.paths[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return path
        return Path(path).name if role == Qt.ItemDataRole.DisplayRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Give the head of a column."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return self._heads[section]


class DocumentsModel(NamesModel):
    """The documents with what was found in them, which comes in little by little."""

    def __init__(self) -> None:
        super().__init__(tr("付加情報"))
        self._told: dict[str, dict[str, InspectedFile]] = {}
        self._seen: dict[str, InspectedFile] = self._told.setdefault("provide", {})

    def aim(self, purpose: str) -> None:
        """Show what was found for 提供 or 公表; what is not known for it yet is unseen again."""
        self._seen = self._told.setdefault(purpose, {})
        self._repaint()

    def learn(self, rows: Sequence[InspectedFile]) -> None:
        """Take what was found in some of them, for the purpose that is shown."""
        self._seen.update({one.path: one for one in rows})
        self._repaint()

    def _repaint(self) -> None:
        if self.paths:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.paths) - 1, 1))

    def seen(self, path: str) -> InspectedFile | None:
        """Give what was found in a document, or nothing yet."""
        return self._seen.get(path)

    @property
    def unseen(self) -> tuple[str, ...]:
        """Name what was not looked at yet."""
        return tuple(one for one in self.paths if one not in self._seen)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give the name, and what was found; the tip says it in full."""
        if not index.isValid() or index.column() == 0:
            return super().data(index, role)
        seen = self._seen.get(self.paths[index.row()])
        if role == Qt.ItemDataRole.DisplayRole:
            return short(seen)
        if role == Qt.ItemDataRole.ToolTipRole:
            return said(seen)
        if role == Qt.ItemDataRole.DecorationRole and seen is not None:
            return _sign(seen)
        return None


def said(seen: InspectedFile | None) -> str:
    """Say in one line what was found in a document, or what is in the way."""
    if seen is None:
        return tr("調べています…")
    if seen.error is not None:
        return told(seen.error).cause
    if seen.obstacle:
        return obstacle(seen.obstacle)
    return found_line(seen.findings)


def short(seen: InspectedFile | None) -> str:
    """Say in very few words what was found in a document."""
    if seen is None or seen.error is not None or seen.obstacle or not seen.findings:
        return said(seen)
    solve = any(one.removal == BLOCKS for one in seen.findings)
    word = tr("要解決") if solve else severity_word(worst(seen.findings))
    return tr("{n}件・{word}", n=total(seen.findings), word=word)


def _sign(seen: InspectedFile) -> object:
    if seen.error is not None or seen.obstacle:
        return icon(BLOCKED.icon, BLOCKED.tone, 16)
    if any(one.removal == BLOCKS for one in seen.findings):
        return icon(BLOCKED.icon, BLOCKED.tone, 16)
    if not seen.findings:
        return icon("check", "success", 16)
    sign = severity_sign(worst(seen.findings))
    return icon(sign.icon, sign.tone, 16)
