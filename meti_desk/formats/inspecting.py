"""Inspects a file of any family, with its sidecar where there is one."""

from collections.abc import Sequence
from typing import BinaryIO

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import Finding, Inspection, Wants
from meti_desk.formats.container import Container
from meti_desk.formats.mark_lines import knowing
from meti_desk.formats.registry import FAMILIES, Entry, disagreement, find, promises
from meti_desk.formats.sidecar.document import LARGEST, Sidecar, read_sidecar
from meti_desk.formats.sidecar.hashing import sha256

_GROUP = 15


def inspect(
    source: BinaryIO,
    sidecar: BinaryIO | None,
    wants: Wants,
    families: Sequence[Entry] = FAMILIES,
) -> Inspection:
    """Tell what a file is and says of itself, and whether name and sidecar agree with it.

    A sidecar speaks where the file says nothing itself. Findings: `file.extension-disagrees`;
    `sidecar.stale` (the content changed since; its properties are shown all the same),
    `sidecar.damaged`, `sidecar.disagrees` (the file carries another label).

    Raises `InvalidInput`: `document.empty` for a file of no bytes - all of them would share one
    label, which goes by the content -, `document.damaged`, and what the family raises.
    """
    found = find(source, families)
    _require_whole(found.variant, wants.name, source, families)
    with knowing(wants.marks):
        inspection = _of_text(found.family.inspect(source, _for_family(wants)), wants)
    extra = []
    if wants.name and (odd := disagreement(wants.name, found.variant, families)):
        extra.append(odd)
    if sidecar is not None:
        inspection, told = _with_sidecar(inspection, source, sidecar)
        extra.extend(told)
    if not extra:
        return inspection
    return msgspec.structs.replace(inspection, findings=(*inspection.findings, *extra))


def _for_family(wants: Wants) -> Wants:
    """Ask the family for the text that fingerprints and clues are taken from."""
    needed = wants.prints or wants.clues is not None
    return msgspec.structs.replace(wants, text=True) if needed else wants


def _of_text(inspection: Inspection, wants: Wants) -> Inspection:
    """Answer what is taken from the text of any family, and give the text only where it is wanted.

    A document without a text - a picture, what is encrypted - has fingerprints all the same: none.
    """
    taken: dict[str, object] = {}
    if wants.prints:
        from meti_desk.evidence.prints import pack, prints_of

        taken["prints"] = pack(prints_of(part.text for part in inspection.text))
    if wants.clues is not None:
        from meti_desk.formats.clues import clues_of

        taken["clues"] = clues_of(inspection.text, wants.clues)
    if not taken:
        return inspection
    text = inspection.text if wants.text else ()
    return msgspec.structs.replace(inspection, text=text, **taken)


def _require_whole(variant: str, name: str, source: BinaryIO, families: Sequence[Entry]) -> None:
    """Refuse what is empty, and what is a document by its name and a broken zip by content."""
    if variant == "empty":
        raise InvalidInput("document.empty")
    promised = promises(name, families)
    if variant == "zip" and promised and "zip" not in promised:
        Container(source)


def _with_sidecar(
    inspection: Inspection, source: BinaryIO, sidecar: BinaryIO
) -> tuple[Inspection, list[Finding]]:
    sidecar.seek(0)
    try:
        content = read_sidecar(sidecar.read(LARGEST + 1))
    except InvalidInput as error:
        return inspection, [_finding("sidecar.damaged", str(error.params.get("what", error.code)))]
    told = []
    if content.sha256 != sha256(source):
        told.append(_finding("sidecar.stale", content.sha256))
    if inspection.properties:
        if _label(inspection.properties) != _label(content.properties):
            told.append(_finding("sidecar.disagrees", content.sha256))
        return inspection, told
    return _adopt(inspection, content), told


def _adopt(inspection: Inspection, content: Sidecar) -> Inspection:
    return msgspec.structs.replace(inspection, properties=dict(content.properties))


def _label(properties: dict[str, str]) -> tuple[str, str]:
    return (
        properties.get("jp.go.meti.label", ""),
        properties.get("jp.go.meti.handling", ""),
    )


def _finding(kind: str, value: str) -> Finding:
    return Finding(
        kind=kind, group=_GROUP, severity="medium", place="sidecar", value=value[:80],
        removal="kept",
    )  # fmt: skip
