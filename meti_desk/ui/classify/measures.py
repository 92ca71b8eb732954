"""The measures of the chosen action: what asks for attention, what is done by itself, the rest."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from meti_desk.services.messages import PlannedFile, PlannedMeasure
from meti_desk.ui.classify.measure_row import MeasureRow
from meti_desk.ui.classify.permit_form import PermitForm
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, column, row
from meti_desk.ui.widgets.buttons import Button

if TYPE_CHECKING:
    from meti_desk.services.permit_messages import PermitRow

_ORDER = ("declined", "done", "waiting", "open")
_PERMIT = ("permission.none", "restriction.needs-permit", "permission.noted")
"""Beginnings of the codes of duties that a noted permission meets."""


def merged(files: Sequence[PlannedFile]) -> list[PlannedMeasure]:
    """Give each measure once, in the state that needs most attention among the files."""
    held: dict[str, PlannedMeasure] = {}
    for file in files:
        for one in file.measures:
            known = held.get(one.id)
            if known is None or _weight(one) > _weight(known):
                held[one.id] = one
    return list(held.values())


def _weight(one: PlannedMeasure) -> int:
    return 9 if one.strength == "prohibited" else _ORDER.index(one.state)


def proposals(files: Sequence[PlannedFile]) -> dict[str, str]:
    """Give what the policy proposes for what is open, by measure."""
    return {one.id: one.proposed for one in merged(files) if one.proposed}


def goes_through(files: Sequence[PlannedFile], answers: Mapping[str, str]) -> bool:
    """Tell whether every measure is met, or is a 検討 that one of the answers closes."""
    return bool(files) and all(
        file.error is None
        and all(
            one.met or (one.strength == "consider" and bool(answers.get(one.id)))
            for one in file.measures
        )
        for file in files
    )


def group(one: PlannedMeasure) -> str:
    """Tell where a measure is shown: `mine` (asks the person), `auto` (done by itself), `rest`."""
    if not one.met or one.strength == "consider" or one.why.startswith(_PERMIT):
        return "mine"
    return "auto" if one.automatic else "rest"


class Measures(QWidget):
    """The list; rows stay when only their state changes, so that the focus is never lost."""

    decided = Signal(str, str)
    permit_noted = Signal(tuple)
    permit_named = Signal(str)
    ask_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, MeasureRow] = {}
        self._groups: dict[str, str] = {}
        self._action = ""
        self._lists = {name: QVBoxLayout() for name in ("mine", "auto", "rest")}
        for one in self._lists.values():
            one.setSpacing(0)
            one.setContentsMargins(0, 0, 0, 0)
        self._none = Text(tr("格付を選ぶと、必要な措置を示します。"), "small")
        self.more = Button("", "link", on=self._unfold)
        self.more.setCheckable(True)
        self._rest = QWidget()
        self._rest.setLayout(self._lists["rest"])
        self._rest.hide()
        parts = (self._none, self._lists["mine"], self._lists["auto"])
        self.setLayout(column(*parts, row(self.more, None), self._rest, spacing=0))
        self.more.hide()

    def show_plan(
        self,
        measures: Sequence[PlannedMeasure],
        permit: tuple[str, str, str] = ("", "", ""),
        action: str = "",
    ) -> None:
        """Show measures in their order; what once asked for attention stays where it is."""
        if action != self._action:
            self._action, self._groups = action, {}
        groups = {one.id: group(one) for one in measures}
        groups.update({k: "mine" for k in groups if self._groups.get(k) == "mine"})
        if list(self._rows) != [one.id for one in measures] or groups != self._groups:
            self._rebuild(measures, groups, permit)
        for one in measures:
            self._rows[one.id].update_measure(one)
        self._none.setVisible(not measures)
        self._name_more()

    def _rebuild(
        self,
        measures: Sequence[PlannedMeasure],
        groups: dict[str, str],
        permit: tuple[str, str, str],
    ) -> None:
        kept = {
            name: one for name, one in self._rows.items() if groups.get(name) == self._held(name)
        }
        gone = [one for name, one in self._rows.items() if name not in kept]
        for one in self._lists.values():
            while one.takeAt(0) is not None:
                pass
        self._rows, self._groups, noted = {}, groups, False
        for measure in measures:
            place = groups[measure.id]
            shown = kept.get(measure.id)
            wants = measure.why.startswith(_PERMIT) and not noted
            if shown is None:
                shown = self._make(measure, place, permit if wants else None)
            noted = noted or wants
            self._rows[measure.id] = shown
            self._lists[place].addWidget(shown)
        for old in gone:
            old.hide()
            old.deleteLater()

    def _held(self, name: str) -> str:
        return self._groups.get(name, "")

    def _make(
        self, one: PlannedMeasure, place: str, permit: tuple[str, str, str] | None
    ) -> MeasureRow:
        made = MeasureRow(one, brief=place == "auto")
        made.decided.connect(self.decided)
        if permit is not None:
            form = PermitForm()
            form.fill(permit)
            form.changed.connect(self.permit_noted)
            form.named.connect(self.permit_named)
            form.ask_wanted.connect(self.ask_wanted)
            made.add_form(form)
        return made

    def offer_permits(self, permits: "Sequence[PermitRow]", named: str) -> None:
        """Offer 包括許可 where a permit is missing."""
        for form in self.findChildren(PermitForm):
            form.offer(permits, named)

    def _name_more(self) -> None:
        count = sum(place == "rest" for place in self._groups.values())
        self.more.setVisible(bool(count))
        opened = self.more.isChecked()
        text = tr("ほかに済んでいる措置 {n}件", n=count)
        self.more.setText(f"{'▾' if opened else '▸'} {text}")
        said = tr("ほかに済んでいる措置{n}件を閉じる", n=count)
        self.more.setAccessibleName(
            said if opened else tr("ほかに済んでいる措置{n}件を開く", n=count)
        )

    def _unfold(self) -> None:
        self._rest.setVisible(self.more.isChecked())
        self._name_more()
