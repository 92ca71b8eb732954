"""What a look through an Office document gathers: findings by kind, with harm and what happens.

Each family brings its own kinds, all beginning with its name (`docx.path`, `xlsx.path`); what is
the same for all packages names them by the rest (`notes.kind("path")`).
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from meti_desk.formats.base import Finding, Purpose, Removal, Removed, Severity

_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding: its class in the order of harm, severity, and what a scrub does."""

    group: int
    severity: Severity
    provide: Removal
    publish: Removal


def _removed(group: int, severity: Severity) -> Kind:
    return Kind(group, severity, "removed", "removed")


KINDS: dict[str, Kind] = {
    "docx.revision": Kind(1, "high", "accepted", "accepted"),
    "docx.format-revision": Kind(1, "high", "accepted", "accepted"),
    "docx.comment": _removed(2, "high"),
    "docx.people": _removed(2, "high"),
    "docx.embedded": Kind(3, "high", "replaced", "replaced"),
    "docx.macro": Kind(3, "high", "kept", "blocks"),
    "docx.control": Kind(3, "medium", "kept", "blocks"),
    "docx.alternative-content": Kind(3, "high", "blocks", "blocks"),
    "docx.subdocument": Kind(3, "high", "blocks", "blocks"),
    "docx.thumbnail": _removed(5, "high"),
    "docx.path": _removed(6, "high"),
    "docx.field": Kind(6, "medium", "replaced", "replaced"),
    "docx.hidden-text": Kind(7, "high", "removed", "blocks"),
    "docx.hidden-shape": Kind(7, "high", "removed", "blocks"),
    "docx.off-page-shape": Kind(7, "medium", "kept", "blocks"),
    "docx.index-entry": Kind(7, "medium", "kept", "blocks"),
    "docx.cropped-picture": Kind(7, "medium", "kept", "kept"),
    "docx.hidden-note": _removed(7, "high"),
    "docx.mail-merge": _removed(8, "high"),
    "docx.variable": _removed(8, "high"),
    "docx.custom-xml": _removed(8, "high"),
    "docx.markup": _removed(8, "medium"),
    "docx.control-tag": _removed(8, "low"),
    "docx.rsid": _removed(8, "low"),
    "docx.document-id": _removed(8, "low"),
    "docx.printer-settings": _removed(8, "medium"),
    "docx.customization": _removed(8, "medium"),
    "docx.editing-state": _removed(8, "low"),
    "docx.orphan": _removed(8, "high"),
    "docx.damaged-part": Kind(8, "high", "blocks", "blocks"),
    "docx.building-blocks": Kind(8, "low", "kept", "kept"),
    "docx.unknown-part": Kind(8, "low", "kept", "blocks"),
    "docx.protection": Kind(8, "low", "kept", "kept"),
    "docx.image-metadata": _removed(12, "high"),
    "docx.image-unchecked": Kind(12, "low", "kept", "kept"),
    "docx.zip-metadata": _removed(13, "low"),
    "docx.author": _removed(15, "high"),
    "docx.property": _removed(15, "high"),
    "docx.custom-property": _removed(15, "medium"),
    "docx.own-property": _removed(15, "low"),
}
"""Every kind that is found in Word documents."""

_COUNTS = frozenset({
    "AppVersion", "Application", "Characters", "CharactersWithSpaces", "DocSecurity",
    "HeadingPairs", "HyperlinksChanged", "Lines", "LinksUpToDate", "Pages", "Paragraphs",
    "ScaleCrop", "SharedDoc", "Template", "TotalTime", "Words", "language", "revision", "version",
})  # fmt: skip
"""Properties that name nobody and nothing but the document itself."""

_CONTENTS = frozenset({
    "TitlesOfParts", "category", "contentStatus", "created", "description", "keywords",
    "lastPrinted", "modified", "subject", "title",
})  # fmt: skip
"""Properties that say what the document is about, or when it was made."""


def _severity(kind: str, value: str, usual: Severity) -> Severity:
    """Tell how much harm a finding can do: a count of words does none, unlike a name or a path."""
    if not kind.endswith(".property"):
        return usual
    name, _, told = value.partition(":")
    if name in _COUNTS and not {"/", "\\"} & set(told):
        return "low"
    return "medium" if name in _CONTENTS else "high"


class Notes:
    """Counts what was found, one row per kind, place and value."""

    def __init__(
        self,
        purpose: Purpose = "provide",
        keep: tuple[str, ...] = (),
        *,
        family: str = "docx",
        kinds: Mapping[str, Kind] = KINDS,
    ) -> None:
        """Remember the purpose, and the kinds or groups that a person wants to keep.

        `kinds` are those of the family, by their whole names.
        """
        self.family = family
        self._kinds = kinds
        self._purpose = purpose
        self._keep = frozenset(keep)
        self._rows: dict[tuple[str, str, str], int] = {}

    def kind(self, name: str) -> str:
        """Give the whole name of one of the family's kinds."""
        return f"{self.family}.{name}"

    def keeps(self, kind: str) -> bool:
        """Tell whether a person chose to keep this kind."""
        return kind in self._keep or str(self._kinds[kind].group) in self._keep

    def removal(self, kind: str) -> Removal:
        """Tell what happens to a kind under this purpose."""
        if self.keeps(kind):
            return "kept"
        return (
            self._kinds[kind].publish if self._purpose == "publish" else self._kinds[kind].provide
        )

    def goes(self, kind: str) -> bool:
        """Tell whether a kind is taken out."""
        return self.removal(kind) in {"removed", "replaced", "accepted"}

    def add(self, kind: str, place: str, value: str = "") -> bool:
        """Note one finding and tell whether it has to be taken out."""
        key = (kind, place, _shown(value))
        self._rows[key] = self._rows.get(key, 0) + 1
        return self.goes(kind)

    def findings(self) -> tuple[Finding, ...]:
        """Give all findings, the most harmful class first."""
        rows = [
            Finding(
                kind=kind,
                group=self._kinds[kind].group,
                severity=_severity(kind, value, self._kinds[kind].severity),
                place=place,
                value=value,
                count=count,
                removal=self.removal(kind),
            )
            for (kind, place, value), count in self._rows.items()
        ]
        return tuple(sorted(rows, key=lambda row: (row.group, row.kind)))

    def removed(self) -> tuple[Removed, ...]:
        """Count what went, by kind."""
        counts: dict[str, int] = {}
        for row in self.findings():
            if row.removal in {"removed", "replaced", "accepted"}:
                counts[row.kind] = counts.get(row.kind, 0) + row.count
        return tuple(Removed(kind, count) for kind, count in counts.items())

    def left(self) -> tuple[Finding, ...]:
        """Give what stays, with the reason in `removal`."""
        return tuple(row for row in self.findings() if row.removal in {"kept", "blocks"})


def _shown(value: str) -> str:
    """Shorten a value to one line of 80 characters without control characters."""
    plain = " ".join(value.split())
    plain = "".join(c for c in plain if unicodedata.category(c)[0] != "C")
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"
