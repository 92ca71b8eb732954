"""Drawings in SVG as one of the document formats: text that is drawn."""

from typing import Any, BinaryIO, NoReturn

import msgspec

from meti_desk.domain.errors import MetiDeskError, RuleViolation
from meti_desk.formats.base import (
    Finding,
    Inspection,
    LabelOrder,
    LabelReport,
    ScrubOrder,
    ScrubReport,
    TextPart,
    Wants,
)

VARIANT = "svg"
_SHOWN = ("text", "title", "desc", "foreignObject")


class Drawings:
    """The family of SVG; the label lies in a sidecar (`format.not-embeddable`).

    付加情報 is taken out of the tree. The digest is one over what is drawn, so that it stays: the
    tree as it is published, embedded pictures by what they show. Only a file that is not
    well-formed is digested by its bytes, and read as other texts are.
    """

    id = "svg"

    def recognise(self, head: bytes, source: BinaryIO) -> str | None:
        """Name SVG by its first element."""
        del source
        from meti_desk.formats.media.svg_names import is_svg

        return VARIANT if is_svg(head) else None

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell texts and the marks in them, findings and digest."""
        from meti_desk.formats.image.data import Data
        from meti_desk.formats.mark_lines import first_lines, marks_of_lines
        from meti_desk.formats.media import svg_clean, svg_names

        try:
            block = svg_names.read(Data(source))
            tree = svg_names.parse(block)
            text = _text(tree)
            digest = svg_clean.digest(svg_names.parse(block)) if wants.digest else ""
            cleaner = svg_clean.SvgCleaner(tree, ScrubOrder(wants.purpose))
            if wants.findings:
                cleaner.run()
        except MetiDeskError as error:
            return _as_text(source, wants, str(error.params.get("what", error.code)))
        return Inspection(
            format=VARIANT,
            marks=marks_of_lines(first_lines(text), "top"),
            findings=cleaner.findings(),
            digest=digest,
            text=(TextPart("text", text),) if wants.text and text.strip() else (),
            embeds=False,
            markable=False,
        )

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Refuse with `format.not-embeddable`: the services write a sidecar."""
        del source, target, order
        self._refuse()

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Refuse with `format.not-embeddable`."""
        del source, result, order
        self._refuse()

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Write the drawing without 付加情報; where there is none, byte for byte as it is."""
        from meti_desk.formats.image.data import Data
        from meti_desk.formats.media import svg_clean, svg_names

        block = svg_names.read(Data(source))
        tree = svg_names.parse(block)
        cleaner = svg_clean.SvgCleaner(tree, order)
        cleaner.run()
        report = cleaner.report()
        target.seek(0)
        target.write(svg_names.write(tree) if cleaner.changed else block)
        target.truncate()
        return report

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Prove by a reader of its own that the hidden went and the drawn stayed."""
        from meti_desk.formats.media.svg_audit import verify_scrub

        verify_scrub(source, result, order)

    def _refuse(self) -> NoReturn:
        raise RuleViolation("format.not-embeddable", format=VARIANT)


def _text(tree: Any) -> str:
    """Give the texts that are drawn, read aloud or shown under the pointer, one a line."""
    from meti_desk.formats.media.svg_names import local

    lines = [
        " ".join("".join(node.itertext()).split())
        for node in tree.getroot().iter()
        if local(node) in _SHOWN and not any(local(one) in _SHOWN for one in node.iterancestors())
    ]
    return "\n".join(one for one in lines if one)


def _as_text(source: BinaryIO, wants: Wants, what: str) -> Inspection:
    """Describe what cannot be read as a tree by its letters."""
    from meti_desk.formats.media.kinds import KINDS, SVG_UNCHECKED
    from meti_desk.formats.text.plain import PLAIN

    kind = KINDS[SVG_UNCHECKED]
    told = Finding(SVG_UNCHECKED, kind.group, kind.severity, VARIANT, what, removal="blocks")
    return msgspec.structs.replace(
        PLAIN.inspect(source, msgspec.structs.replace(wants, findings=False)),
        format=VARIANT,
        findings=(told,) if wants.findings else (),
    )


DRAWINGS = Drawings()
"""The one object of this family for the registry."""
