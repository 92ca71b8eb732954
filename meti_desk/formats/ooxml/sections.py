"""The sections of a Word document and the headers that their pages show.

A section without an own header of a kind shows the one of the section before it; the first without
any shows none. First-page headers count only with `titlePg`, even ones only with the document's
`evenAndOddHeaders`.
"""

from dataclasses import dataclass

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.xml import Element, attribute, child, inside, is_on, namespace

HEADER_KINDS = ("default", "first", "even")


@dataclass(slots=True)
class Section:
    """One `sectPr` and the header references of its own: kind -> (reference, part or nothing)."""

    element: Element
    headers: dict[str, tuple[Element, str | None]]

    @property
    def title_page(self) -> bool:
        """Whether its first page has headers of its own."""
        return is_on(child(self.element, "w:titlePg"))


def body_of(package: Package) -> Element | None:
    """Give the body element of the main document, to look at it only, as all that is found here.

    Who is going to change the main part asks for it with `Package.xml` first.
    """
    return child(package.look(package.main()), "w:body")


def sections(package: Package) -> list[Section]:
    """Read the sections in order, without changing anything; former ones are left out."""
    body = body_of(package)
    if body is None:
        return []
    found = []
    for element in body.iter(f"{{{namespace(body)}}}sectPr"):
        if inside(element, "w:sectPrChange"):
            continue
        found.append(Section(element, _own_headers(package, element)))
    return found


def _own_headers(package: Package, element: Element) -> dict[str, tuple[Element, str | None]]:
    main = package.main()
    found: dict[str, tuple[Element, str | None]] = {}
    for one in element:
        if short(one.tag) != "w:headerReference":
            continue
        link = package.by_id(main, attribute(one, "r:id") or "")
        part = link.target if link and not link.external else None
        if part is not None and package.find(part) is None:
            part = None
        found.setdefault(attribute(one, "w:type") or "default", (one, part))
    return found


def last_section(package: Package) -> Element:
    """Give the final section's properties, creating them where the body ends without any."""
    package.xml(package.main())
    body = body_of(package)
    assert body is not None  # noqa: S101 - callers looked
    last = body[-1] if len(body) else None
    if last is not None and short(last.tag) == "w:sectPr":
        return last
    for one in body:
        if short(one.tag) == "w:sectPr":
            return one
    made = body.makeelement(f"{{{namespace(body)}}}sectPr", {}, None)
    body.append(made)
    return made


def even_and_odd(package: Package) -> bool:
    """Tell whether even pages have headers of their own."""
    settings = package.target(package.main(), "settings")
    if settings is None:
        return False
    return is_on(child(package.look(settings), "w:evenAndOddHeaders"))


def shown_headers(package: Package) -> dict[tuple[int, str], str | None]:
    """Resolve inheritance: (section, kind) that some page can show -> part, or nothing if none."""
    shown: dict[tuple[int, str], str | None] = {}
    inherited: dict[str, str | None] = {}
    even = even_and_odd(package)
    for number, section in enumerate(sections(package)):
        for kind, (_, part) in section.headers.items():
            inherited[kind] = part
        kinds = ["default"]
        if section.title_page:
            kinds.append("first")
        if even:
            kinds.append("even")
        for kind in kinds:
            shown[number, kind] = inherited.get(kind)
    return shown
