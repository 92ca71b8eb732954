"""A table of rows: read only, whole rows chosen, left by Tab, never a widget for each row."""

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from meti_desk.ui.theme import active


class Table(QTableView):
    """Shows a model; `widths` are pixels at 100 %, 0 takes what is left."""

    def __init__(self, model: QAbstractTableModel, name: str, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(name)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(active().pixels(40))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place, width in enumerate(widths):
            if width:
                self.setColumnWidth(place, active().pixels(width))
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
