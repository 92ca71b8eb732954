"""The findings of a document as a tree: class, kind, each place; check boxes say what goes."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal

from meti_desk.formats.base import Finding
from meti_desk.ui.findings.tree import Branch, TreeModel
from meti_desk.ui.findings.words import (
    BLOCKED,
    BLOCKS,
    group_word,
    kind_word,
    place_word,
    removal_reason,
    removal_word,
    severity_sign,
    severity_word,
    total,
    worst,
)
from meti_desk.ui.strings import tr

_SIGN_AT = 3
_WORST = {"blocks": 0, "kept": 1, "replaced": 2, "accepted": 3, "removed": 4}


def _grouped(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    held: dict[str, list[Finding]] = {}
    for one in findings:
        held.setdefault(one.kind, []).append(one)
    return held


class FindingsModel(TreeModel):
    """Findings of one document; what a person keeps holds for all documents alike."""

    kept_changed = Signal()

    def __init__(self) -> None:
        heads = (tr("付加情報"), tr("箇所"), tr("件数"), tr("重要度"), tr("取り除くと"))
        super().__init__(heads)
        self.keep: set[str] = set()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show findings: first what has to be solved, then the classes in the order of harm."""
        blocked = [one for one in findings if one.removal == BLOCKS]
        roots = []
        if blocked:
            top = self._class(tr("先に解決が必要なもの"), blocked)
            top.sign, top.sign_at = BLOCKED, 0
            roots.append(top)
        groups: dict[int, list[Finding]] = {}
        for one in findings:
            if one.removal != BLOCKS:
                groups.setdefault(one.group, []).append(one)
        roots += [self._class(group_word(group), groups[group]) for group in sorted(groups)]
        self.fill(roots)

    def _class(self, name: str, findings: Sequence[Finding]) -> Branch:
        severity = worst(findings)
        kinds = [self._kind(kind, held) for kind, held in _grouped(findings).items()]
        decided = frozenset[str]().union(*(one.kinds for one in kinds))
        removals = {one.removal for one in findings}
        removal = removal_word(removals.pop()) if len(removals) == 1 else tr("種類によります")
        return Branch(
            (name, "", str(total(findings)), severity_word(severity), removal),
            kinds,
            severity_sign(severity),
            _SIGN_AT,
            strong=True,
            kinds=decided,
        )

    def _kind(self, kind: str, findings: Sequence[Finding]) -> Branch:
        severity = worst(findings)
        removal = min((one.removal for one in findings), key=lambda one: _WORST[one])
        leaves = [
            Branch(
                (
                    one.value or tr("（値はありません）"),
                    place_word(one.place),
                    str(one.count),
                    severity_word(one.severity),
                    removal_word(one.removal),
                ),
                sign=severity_sign(one.severity),
                sign_at=_SIGN_AT,
                detail=removal_reason(one.removal),
            )
            for one in findings
        ]
        places = {one.place for one in findings}
        where = place_word(places.pop()) if len(places) == 1 else tr("{n}か所", n=len(places))
        return Branch(
            (kind_word(kind), where, str(total(findings)), severity_word(severity),
             removal_word(removal)),
            leaves,
            severity_sign(severity),
            _SIGN_AT,
            kinds=frozenset() if removal == "kept" else frozenset({kind}),
            detail=removal_reason(removal),
        )  # fmt: skip

    def checked(self, branch: Branch) -> Qt.CheckState:
        """Tell whether all, some or none of a row's kinds go."""
        kept = branch.kinds & self.keep
        if not kept:
            return Qt.CheckState.Checked
        whole = kept == branch.kinds
        return Qt.CheckState.Unchecked if whole else Qt.CheckState.PartiallyChecked

    def check(self, branch: Branch, *, on: bool) -> None:
        """Let the kinds of a row go, or stay."""
        self.keep = self.keep - branch.kinds if on else self.keep | branch.kinds
        self._repaint()
        self.kept_changed.emit()

    def choose(self, keep: Sequence[str]) -> None:
        """Begin with kinds that stay, or go back to the preset with none."""
        self.keep = set(keep)
        self._repaint()
        self.kept_changed.emit()

    def data(self, index: object, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Say of what the person keeps that it stays."""
        if (
            isinstance(index, QModelIndex)
            and index.isValid()
            and index.column() == len(self._heads) - 1
        ):
            one = self.branch(index)
            if (
                role == Qt.ItemDataRole.DisplayRole
                and one is not None
                and one.kinds
                and one.kinds <= self.keep
            ):
                return tr("残します")
        return super().data(index, role)  # type: ignore[arg-type] # Qt gives indexes alone

    def _repaint(self) -> None:
        rows = len(self._roots)
        if rows:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, len(self._heads) - 1))
        for at in range(rows):
            above = self.index(at, 0)
            count = self.rowCount(above)
            if count:
                last = self.index(count - 1, len(self._heads) - 1, above)
                self.dataChanged.emit(self.index(0, 0, above), last)
