"""What is to be made black as a tree: each word, area and kind of data, with the places found."""

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal

from meti_desk.formats.redaction import RedactionArea, RedactionPlace
from meti_desk.services.redaction_messages import RedactionPreview
from meti_desk.ui.findings.tree import Branch, TreeModel
from meti_desk.ui.findings.words import Sign, place_word
from meti_desk.ui.strings import told, tr

MM = 72 / 25.4
"""Points in a millimetre."""
_NOTHING = Sign("info", "warning")
_REFUSED = Sign("ban", "danger")


def detector_words() -> dict[str, str]:
    """Name the personal data that can be found, in the order in which they are offered."""
    return {
        "my-number": tr("個人番号（マイナンバー）"),
        "passport": tr("旅券番号"),
        "driving-licence": tr("運転免許証の番号"),
        "bank-account": tr("口座番号"),
        "birth-date": tr("生年月日"),
        "phone": tr("電話番号"),
        "mail-address": tr("メールアドレス"),
        "postal-address": tr("住所"),
        "corporate-number": tr("法人番号"),
    }


def area_words(area: RedactionArea) -> str:
    """Write an area in millimetres, as it is typed."""
    values = (area.x, area.y, area.width, area.height)
    return ", ".join((str(area.page), *(f"{value / MM:.0f}" for value in values)))


def read_area(text: str) -> RedactionArea | None:
    """Read `page, left, top, width, height` in millimetres; `None` where it is no area."""
    plain = unicodedata.normalize("NFKC", text).replace("、", ",")
    try:
        page, *rest = (float(part) for part in plain.split(","))
        x, y, width, height = (value * MM for value in rest)
    except ValueError:
        return None
    fits = page >= 1 and page == int(page) and min(x, y) >= 0 and min(width, height) > 0
    return RedactionArea(int(page), x, y, width, height) if fits else None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(folded.split())


class PlacesModel(TreeModel):
    """Roots are what was asked for, below them where it stands; check boxes take roots out."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__((tr("消すもの"), tr("箇所"), tr("件数")))
        self.off: set[str] = set()
        self._words: tuple[str, ...] = ()
        self._areas: tuple[RedactionArea, ...] = ()
        self._found: tuple[RedactionPreview, ...] = ()
        self._lists: dict[str, str] = {}

    def name_lists(self, lists: Mapping[str, str]) -> None:
        """Know the word lists of the policy by their titles."""
        self._lists = dict(lists)

    def show_places(
        self,
        words: Sequence[str],
        detectors: Sequence[str],
        areas: Sequence[RedactionArea],
        found: Sequence[RedactionPreview],
    ) -> None:
        """Show what was asked for, with all that was found of it."""
        self._words, self._areas, self._found = tuple(words), tuple(areas), tuple(found)
        names = {**detector_words(), **self._lists}
        roots = {f"word:{one}": Branch((tr("語句「{word}」", word=one), "", "0")) for one in words}
        for one in detectors:
            roots[one] = Branch((names.get(one, one), "", "0"))
        for area in areas:
            roots[f"area:{area_words(area)}"] = Branch(
                (
                    tr("範囲（{area} mm）", area=area_words(area)),
                    place_word(f"page {area.page}"),
                    "1",
                )
            )
        several = len(found) > 1
        for file in found:
            for place in file.places:
                root = roots.get(self.key(place))
                if root is not None and place.reason != "area":
                    root.children.append(_below(file, place, several=several))
        for key, root in roots.items():
            root.kinds, root.strong = frozenset({key}), True
            if not key.startswith("area:"):
                total = sum(int(one.cells[2]) for one in root.children)
                root.cells = (*root.cells[:2], str(total))
                root.sign = None if total or not found else _NOTHING
        self.fill([*(_refused(one) for one in found if one.error is not None), *roots.values()])

    def key(self, place: RedactionPlace) -> str:
        """Tell which of the things asked for a place belongs to."""
        if place.reason == "area":
            return next(
                (f"area:{area_words(one)}" for one in self._areas if one in place.boxes), "area:"
            )
        if place.reason != "word":
            return place.reason
        seen, short = _plain(place.text.removesuffix("…")), place.text.endswith("…")
        fits = [
            one
            for one in self._words
            if _plain(one) in seen or (short and _plain(one).startswith(seen))
        ]
        return f"word:{max(fits, key=len)}" if fits else "word:"

    def boxes(self, path: str, page: int) -> list[RedactionArea]:
        """Give what becomes black on a page, of all that is checked."""
        areas = [one for one in self._areas if f"area:{area_words(one)}" not in self.off]
        places = (p for file in self._found if file.path == path for p in file.places)
        boxes = [box for one in places if self.key(one) not in self.off for box in one.boxes]
        return [one for one in (*areas, *boxes) if one.page == page]

    def checked(self, branch: Branch) -> Qt.CheckState:
        """Tell whether a thing is to be made black."""
        return Qt.CheckState.Unchecked if branch.kinds & self.off else Qt.CheckState.Checked

    def check(self, branch: Branch, *, on: bool) -> None:
        """Take a thing in or out."""
        self.off = self.off - branch.kinds if on else self.off | branch.kinds
        if self._roots:
            last = self.index(len(self._roots) - 1, len(self._heads) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        self.changed.emit()


def _below(file: RedactionPreview, place: RedactionPlace, *, several: bool) -> Branch:
    where = place_word(place.place)
    if several:
        where = f"{where}　{Path(file.path).name}"
    return Branch((place.text or tr("（値はありません）"), where, str(place.count)))


def _refused(file: RedactionPreview) -> Branch:
    why = told(file.error).cause if file.error is not None else ""
    return Branch((Path(file.path).name, why, ""), sign=_REFUSED, detail=why)
