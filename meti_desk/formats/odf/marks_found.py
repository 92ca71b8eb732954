"""Marks that stand in a document, ours and those that people typed (Art. 5).

Only where a mark stands counts: headers, footers, masters, the first lines of the text, of a sheet
or of a slide, and the properties. A mention in running text is no mark.
"""

from collections.abc import Iterator

from meti_desk.formats.base import MarkFound
from meti_desk.formats.mark_lines import first_lines, marks_of_lines
from meti_desk.formats.odf.mark import HEADERS, frames, lines, mark_text, masters
from meti_desk.formats.odf.mark_slides import slides
from meti_desk.formats.odf.package import OdfFile
from meti_desk.formats.odf.properties import read_core
from meti_desk.formats.odf.stories import Stories
from meti_desk.formats.odf.xml import Element, find_all, name_of

_WHOLE = frozenset({"header", "footer", "master"})


def marks_in(file: OdfFile, stories: Stories) -> tuple[MarkFound, ...]:
    """Find the marks of a document, each text once per place."""
    found: dict[tuple[str, str], MarkFound] = {}
    for mark in (*_own(file), *_typed(file, stories)):
        found.setdefault((mark.place, mark.text), mark)
    return tuple(found.values())


def own_marks(file: OdfFile) -> list[str]:
    """Give the texts of our own marks, sorted."""
    return sorted(mark.text for mark in _own(file))


def _own(file: OdfFile) -> Iterator[MarkFound]:
    for master in masters(file.part("styles.xml")):
        for one in (header for header in master if name_of(header) in HEADERS):
            held = lines(one) if file.kind == "spreadsheet" else frames(one)
            for mark in held:
                yield MarkFound(_text(mark), "header", own=True)
    for slide in slides(file):
        for mark in frames(slide):
            yield MarkFound(_text(mark), "slide", own=True)


def _text(mark: Element) -> str:
    paragraph = next(find_all(mark, "text:p"), None)
    return "" if paragraph is None else mark_text(paragraph).strip()


def _typed(file: OdfFile, stories: Stories) -> Iterator[MarkFound]:
    for place, text, _ in stories.rows:
        rows = text.splitlines() if place in _WHOLE else first_lines(text.replace("\t", "\n"))
        yield from marks_of_lines(rows, place)
    yield from marks_of_lines(read_core(file), "property")
