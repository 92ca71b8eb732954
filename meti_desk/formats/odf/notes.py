"""What a look through an OpenDocument file gathers: findings by kind, with harm and consequence."""

import unicodedata
from dataclasses import dataclass

from meti_desk.formats.base import Finding, Purpose, Removal, Removed, Severity

_SHOWN = 80
_GOING = frozenset({"removed", "replaced", "accepted"})


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
    "odf.revision": Kind(1, "high", "accepted", "accepted"),
    "odf.versions": _removed(1, "high"),
    "odf.comment": _removed(2, "high"),
    "odf.embedded": Kind(3, "high", "replaced", "replaced"),
    "odf.embedded-alone": Kind(3, "high", "blocks", "blocks"),
    "odf.macro": Kind(3, "high", "kept", "blocks"),
    "odf.control": Kind(3, "medium", "kept", "blocks"),
    "odf.hidden-sheet": Kind(4, "high", "kept", "blocks"),
    "odf.hidden-cells": Kind(4, "high", "kept", "blocks"),
    "odf.thumbnail": _removed(5, "high"),
    "odf.path": _removed(6, "high"),
    "odf.field": Kind(6, "medium", "replaced", "replaced"),
    "odf.hidden-text": Kind(7, "high", "removed", "blocks"),
    "odf.hidden-slide": Kind(7, "high", "removed", "blocks"),
    "odf.speaker-note": _removed(7, "high"),
    "odf.off-page-shape": Kind(7, "medium", "kept", "blocks"),
    "odf.index-entry": Kind(7, "medium", "kept", "blocks"),
    "odf.variable": _removed(8, "high"),
    "odf.external-cache": _removed(8, "high"),
    "odf.connection": _removed(8, "high"),
    "odf.rdf": _removed(8, "medium"),
    "odf.customization": _removed(8, "medium"),
    "odf.orphan": _removed(8, "high"),
    "odf.editing-state": _removed(8, "low"),
    "odf.image-metadata": _removed(12, "high"),
    "odf.image-unchecked": Kind(12, "low", "kept", "kept"),
    "odf.zip-metadata": _removed(13, "low"),
    "odf.printer-settings": _removed(13, "medium"),
    "odf.rsid": _removed(13, "low"),
    "odf.signature": _removed(15, "high"),
    "odf.property": _removed(15, "high"),
    "odf.custom-property": _removed(15, "medium"),
    "odf.own-property": _removed(15, "low"),
}
"""Every kind that is found in OpenDocument files."""

_COUNTS = frozenset({"meta:document-statistic", "meta:editing-cycles", "meta:editing-duration"})
_CONTENTS = frozenset(
    {
        *("dc:title", "dc:subject", "dc:description", "meta:keyword", "dc:language", "dc:date"),
        *("meta:creation-date", "meta:print-date", "meta:generator"),
    }
)


class Notes:
    """Counts what was found, one row per kind, place and value."""

    def __init__(self, purpose: Purpose = "provide", keep: tuple[str, ...] = ()) -> None:
        """Remember the purpose, and the kinds or groups that a person wants to keep."""
        self._purpose = purpose
        self._keep = frozenset(keep)
        self._rows: dict[tuple[str, str, str], int] = {}

    def removal(self, kind: str) -> Removal:
        """Tell what happens to a kind under this purpose."""
        if kind in self._keep or str(KINDS[kind].group) in self._keep:
            return "kept"
        return KINDS[kind].publish if self._purpose == "publish" else KINDS[kind].provide

    def goes(self, kind: str) -> bool:
        """Tell whether a kind is taken out."""
        return self.removal(kind) in _GOING

    def add(self, kind: str, place: str, value: str = "", count: int = 1) -> bool:
        """Note a finding and tell whether it has to be taken out."""
        key = (kind, place, _shown(value))
        self._rows[key] = self._rows.get(key, 0) + count
        return self.goes(kind)

    def findings(self) -> tuple[Finding, ...]:
        """Give all findings, the most harmful class first."""
        rows = [
            Finding(
                kind=kind, group=KINDS[kind].group, severity=_severity(kind, value), place=place,
                value=value, count=count, removal=self.removal(kind),
            )
            for (kind, place, value), count in self._rows.items()
        ]  # fmt: skip
        return tuple(sorted(rows, key=lambda row: (row.group, row.kind)))

    def removed(self) -> tuple[Removed, ...]:
        """Count what went, by kind."""
        counts: dict[str, int] = {}
        for row in self.findings():
            if row.removal in _GOING:
                counts[row.kind] = counts.get(row.kind, 0) + row.count
        return tuple(Removed(kind, count) for kind, count in counts.items())

    def left(self) -> tuple[Finding, ...]:
        """Give what stays, with the reason in `removal`."""
        return tuple(row for row in self.findings() if row.removal not in _GOING)


def _severity(kind: str, value: str) -> Severity:
    """Tell how much harm a finding can do: a count of words does none, unlike a name."""
    if kind != "odf.property":
        return KINDS[kind].severity
    name = value.partition("=")[0]
    if name in _COUNTS:
        return "low"
    return "medium" if name in _CONTENTS else "high"


def _shown(value: str) -> str:
    """Shorten a value to one line of 80 characters without control characters."""
    plain = " ".join(value.split())
    plain = "".join(c for c in plain if unicodedata.category(c)[0] != "C")
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"
