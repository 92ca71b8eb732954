"""The middle: the proposed label with its evidence, the choices, and the mark as it will stand."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from meti_desk.services.messages import Evidence, RestrictionOffer
from meti_desk.ui.classify.draft import Draft
from meti_desk.ui.classify.evidence_view import EvidenceView
from meti_desk.ui.classify.restrictions import RestrictionChips
from meti_desk.ui.strings import article, confidentiality, tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, card, column, row
from meti_desk.ui.widgets.buttons import Segmented
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.fields import Field


class LabelPanel(QWidget):
    """格付: three choices, the restrictions, and a reason where one is asked."""

    changed = Signal()

    def __init__(self, draft: Draft, *, proposing: bool = True) -> None:
        super().__init__()
        self._draft = draft
        self._proposing = proposing
        self.confidentiality = Segmented(tr("機密性"), [(n, confidentiality(n)) for n in (1, 2, 3)])
        self.integrity = Segmented(tr("完全性"), [(n, tr("完全性{n}", n=n)) for n in (1, 2)])
        self.availability = Segmented(tr("可用性"), [(n, tr("可用性{n}", n=n)) for n in (1, 2)])
        self.chips = RestrictionChips()
        self._proposal = Text("", "small", wrap=False)
        self._inherited = Text("", "small", wrap=False)
        self.evidence = EvidenceView()
        self._ordered = Text("", "body")
        self._order = card(column(self._ordered, margins=(16, 10, 16, 10)), "warn")
        self._order.hide()
        self.reason = Field(tr("理由"), small=True)
        self.reason.hide()
        self.mark_shown = Check(tr("文書に表示を入れる"), checked=True)
        self._mark = Text("", "mark", wrap=False)
        self._mark.hide()
        self._paper = card(
            column(row(None, self._mark), None, spacing=0, margins=(14, 10, 16, 14)), "paper"
        )
        self._paper.setMinimumHeight(active().pixels(52))
        self._lay_out()
        for one in (self.confidentiality, self.integrity, self.availability):
            one.chosen.connect(self._read)
        self.chips.changed.connect(self._read)
        self.mark_shown.toggled.connect(self._read)
        self.reason.edit.textEdited.connect(self._read)

    def _lay_out(self) -> None:
        references = "・".join((article("4-1"), article("6-1")))
        low = Text(tr("完全性・可用性は継承されません。この文書について決めてください。"), "small")
        halves = row(spacing=16)
        halves.addLayout(column(Text(tr("完全性"), "h3"), self.integrity), 1)
        halves.addLayout(column(Text(tr("可用性"), "h3"), self.availability), 1)
        self.setLayout(
            column(
                row(Text(tr("格付"), "h2", wrap=False), Text(references, "small"), None),
                4,
                self._order,
                row(Text(tr("機密性"), "h3", wrap=False), None, self._proposal),
                self.confidentiality,
                self.evidence,
                self.reason,
                6,
                halves,
                low,
                6,
                row(Text(tr("取扱制限"), "h3", wrap=False), None, self._inherited),
                self.chips,
                6,
                row(Text(tr("文書に入る表示"), "h3", wrap=False), None, self.mark_shown),
                self._paper,
                None,
                spacing=8,
                margins=(24, 22, 24, 4),
            )
        )

    def offer(self, offers: Sequence[RestrictionOffer]) -> None:
        """Take what policy offers as 取扱制限."""
        self.chips.offer(offers)

    def show_draft(self) -> None:
        """Show the draft as it stands, without telling of a change."""
        draft = self._draft
        self.confidentiality.set_value(draft.c)
        self.integrity.set_value(draft.i)
        self.availability.set_value(draft.a)
        self.chips.choose(draft.restrictions, draft.audience)
        held = draft.proposal
        shown = confidentiality(held.c) if held and held.c else tr("手がかりがありません")
        self._proposal.tell(tr("提案：{what}", what=shown) if self._proposing else "")
        names = "・".join(held.restrictions) if held else ""
        self._inherited.tell(tr("提案：{what}", what=names) if names else "")
        self._ask_reason()
        if self.reason.text != draft.reason:
            self.reason.edit.setText(draft.reason)

    def show_order(self, said: str) -> None:
        """Say that the responsible person ordered this label; nothing: none is ordered."""
        self._ordered.setText(said)
        self._order.setVisible(bool(said))

    def show_evidence(self, items: Sequence[Evidence]) -> None:
        """Say why, for the chosen file."""
        self.evidence.show_items(items)

    def show_mark(self, text: str) -> None:
        """Show the mark as it will stand in the document."""
        self._mark.tell(text if self._draft.mark else "")
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def _read(self) -> None:
        draft = self._draft
        chosen = self.confidentiality.value
        draft.c = chosen if isinstance(chosen, int) else None
        for name, widget in (("i", self.integrity), ("a", self.availability)):
            value = widget.value
            setattr(draft, name, value if isinstance(value, int) else 1)
        draft.restrictions, draft.audience = self.chips.restrictions, self.chips.audience
        draft.mark = self.mark_shown.isChecked()
        draft.reason = self.reason.text
        self._ask_reason()
        self.changed.emit()

    def _ask_reason(self) -> None:
        needed = self._draft.reason_needed
        self.reason.setVisible(bool(needed))
        if needed == "lower":
            self.reason.relabel(tr("提案より低くする理由"))
            self.reason.set_hint(tr("手がかりと違う判断は、理由とともに取扱記録に残ります。第7条"))
        elif needed == "c3":
            self.reason.relabel(tr("機密性3とする必要"))
            self.reason.set_hint(
                tr("どうして機密性3でなければならないかを一行で書いてください。第3条第2項")
            )
