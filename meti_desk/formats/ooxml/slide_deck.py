"""The slides of a PowerPoint document in the order in which they are shown, with their size."""

from dataclasses import dataclass

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.xml import Element, attribute, child

_DEFAULT = (9144000, 6858000)
"""EMU (914,400 to the inch): the 4:3 slide that PowerPoint takes where no size is given."""


@dataclass(frozen=True, slots=True)
class Deck:
    """What the main part says: its slides' parts in order, and a slide's width and height in EMU.

    Hidden slides belong to them: they are printed and sent along. A slide whose part is missing is
    shown by no program and is left out.
    """

    slides: tuple[str, ...]
    width: int
    height: int

    @classmethod
    def of(cls, package: Package) -> "Deck | None":
        """Read the main part; nothing when it is no presentation."""
        main = package.main()
        root = package.xml(main)
        if short(root.tag) != "p:presentation":
            return None
        width, height = _size(child(root, "p:sldSz"))
        return cls(tuple(dict.fromkeys(_slides(package, main, root))), width, height)


def _slides(package: Package, main: str, root: Element) -> list[str]:
    found: list[str] = []
    listed = child(root, "p:sldIdLst")
    for one in () if listed is None else listed:
        link = package.by_id(main, attribute(one, "r:id") or "")
        if link is None or link.external or link.kind != "slide":
            continue
        name = package.find(link.target)
        if name is not None:
            found.append(name)
    return found


def _size(element: Element | None) -> tuple[int, int]:
    try:
        width = int((element.get("cx") or "") if element is not None else "")
        height = int((element.get("cy") or "") if element is not None else "")
    except ValueError:
        return _DEFAULT
    return (width, height) if width > 0 and height > 0 else _DEFAULT
