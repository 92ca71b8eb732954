"""Marks that stand in a Word document, ours and those that people typed (Art. 5).

Only where a mark stands counts: header, footer, the first lines, core properties, watermarks. A
mention in running text is no mark.
"""

from collections.abc import Iterator

from meti_desk.formats.base import MarkFound
from meti_desk.formats.mark_lines import looks_like_mark
from meti_desk.formats.ooxml.mark import own_marks
from meti_desk.formats.ooxml.names import full
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.properties import read_core
from meti_desk.formats.ooxml.sections import body_of
from meti_desk.formats.ooxml.xml import Element, find_all

_FIRST_LINES = 5
_TEXT, _BLANK = full("w:t"), frozenset((*full("w:tab"), *full("w:br")))
_CORE_PLACES = ("title", "subject", "keywords", "category", "contentStatus", "description")


def marks_in(package: Package) -> tuple[MarkFound, ...]:
    """Find the marks of a document, each text once per place."""
    found: dict[tuple[str, str], MarkFound] = {}
    for mark in _all(package):
        found.setdefault((mark.place, mark.text), mark)
    return tuple(found.values())


def _all(package: Package) -> Iterator[MarkFound]:
    main = package.main()
    for kind in ("header", "footer"):
        for part in package.targets(main, kind):
            root = package.look(part)
            for own in own_marks(root):
                yield MarkFound(_line(own).strip(), kind, own=True)
            yield from _typed(_paragraphs(root), kind)
            yield from _watermarks(root)
    body = body_of(package)
    if body is not None:
        yield from _typed(_first_lines(body), "body")
    core = read_core(package)
    values = [core[name] for name in _CORE_PLACES if name in core]
    yield from _typed(values, "property")


def _typed(lines: Iterator[str] | list[str], place: str) -> Iterator[MarkFound]:
    for line in lines:
        text = line.strip()
        if text and looks_like_mark(text):
            yield MarkFound(text, place)


def _paragraphs(root: Element) -> Iterator[str]:
    carriers = own_marks(root)
    for one in find_all(root, "w:p"):
        if one not in carriers and not any(up in carriers for up in one.iterancestors()):
            yield _line(one)


def _first_lines(body: Element) -> Iterator[str]:
    count = 0
    for one in body.iter(*full("w:p")):
        line = _line(one)
        if line.strip():
            yield line
            count += 1
            if count == _FIRST_LINES:
                return


def _watermarks(root: Element) -> Iterator[MarkFound]:
    for one in find_all(root, "v:textpath"):
        text = (one.get("string") or "").strip()
        if text and looks_like_mark(text):
            yield MarkFound(text, "watermark")


def _line(element: Element) -> str:
    told = element.iter(*_TEXT, *_BLANK)
    return "".join([" " if one.tag in _BLANK else one.text or "" for one in told])
