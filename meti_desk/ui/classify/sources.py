"""The documents that a document was made from: known, named by the person, or found (Art. 6)."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from meti_desk.services.messages import FoundSource, InspectedFile, SuggestedFile
from meti_desk.ui.classify.draft import Draft
from meti_desk.ui.strings import label_line, place_name, tr
from meti_desk.ui.widgets.build import Part, Text, card, column, empty, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.elided import Elided

BY_ID = "id:"
_QUOTED = 60
"""Characters of a passage that are shown; the tip has all that was given."""


class SourceList(QWidget):
    """元の文書: cards; a found one is taken as a source at one press."""

    accepted = Signal(str, str)
    """`id:…` and the title."""
    removed = Signal(str)
    ignored = Signal(str)
    """A passage that is 定型文."""

    def __init__(self) -> None:
        super().__init__()
        self._cards = QVBoxLayout(self)
        self._cards.setSpacing(8)
        self._cards.setContentsMargins(0, 0, 0, 0)

    def show_sources(
        self, draft: Draft, inspected: Sequence[InspectedFile], suggested: Sequence[SuggestedFile]
    ) -> None:
        """List what is known, what the person named, and what was found."""
        empty(self._cards)
        known = {s.title: label_line(s.label) for one in inspected for s in one.sources or ()}
        found = {s.id: s for one in suggested for s in one.sources}
        for title, line in known.items():
            self._cards.addWidget(_card(Elided(title, "body"), Text(line, "small")))
        for source in draft.sources:
            self._cards.addWidget(self._named(source, draft, found))
        for one in found.values():
            if f"{BY_ID}{one.id}" not in draft.sources and one.title not in known:
                self._cards.addWidget(self._found(one))
        if not self._cards.count():
            says = tr("元の文書を加えると、その機密性と取扱制限を受け継ぎます。")
            self._cards.addWidget(Text(says, "small"))
        unread = max((one.unread for one in suggested), default=0)
        if unread:
            says = tr(
                "まだ読んでいない文書が{n}件あります。その中の元の文書は、まだ見つかりません。",
                n=unread,
            )
            self._cards.addWidget(Text(says, "small"))

    def _named(self, source: str, draft: Draft, found: dict[str, FoundSource]) -> QFrame:
        by_id = found.get(source.removeprefix(BY_ID))
        title = draft.titles.get(source) or (by_id.title if by_id else Path(source).name)
        name = tr("{name}を元の文書から外す", name=title)
        remove = Button(tr("外す"), "link", name=name, on=lambda: self.removed.emit(source))
        parts: list[Part] = [Elided(title, "body")]
        if by_id is not None and by_id.label is not None:
            parts.append(Text(label_line(by_id.label), "small"))
        return _card(*parts, row(Text(tr("加えました"), "well", wrap=False), None, remove))

    def _found(self, one: FoundSource) -> QFrame:
        parts: list[Part] = [
            Elided(one.title, "strong"),
            Text(label_line(one.label), "small"),
            Text(_how_much(one), "small"),
        ]
        if one.passages:
            first = one.passages[0]
            place = f"{place_name(first.source_place)} " if first.source_place else ""
            quoted = first.text if len(first.text) <= _QUOTED else f"{first.text[:_QUOTED]}…"
            shown = Text(f"{place}「{quoted}」", "small")
            shown.setToolTip(first.text)
            parts.append(shown)
        take = Button(
            tr("元の文書にする"),
            small=True,
            name=tr("{name}を元の文書にする", name=one.title),
            on=lambda: self.accepted.emit(f"{BY_ID}{one.id}", one.title),
        )
        parts.append(take)
        if one.kind == "passage" and one.passages:
            text = one.passages[0].text
            parts.append(
                Button(
                    tr("定型文なので除く"),
                    "link",
                    name=tr("{name}と一致する文は定型文なので除く", name=one.title),
                    on=lambda: self.ignored.emit(text),
                )
            )
        return _card(*parts, kind="evidence")


def _how_much(one: FoundSource) -> str:
    percent = round(one.covered * 100)
    words = {
        "copy": tr("全文が同じ文書"),
        "near-copy": tr("ほとんど同じ文書（{n}%）", n=percent),
        "passage": tr("同じ文のある文書（{n}%）", n=max(1, percent)),
    }
    return words[one.kind]


def _card(*parts: Part, kind: str = "plain") -> QFrame:
    return card(column(*parts, spacing=4, margins=(12, 10, 12, 10)), kind)
