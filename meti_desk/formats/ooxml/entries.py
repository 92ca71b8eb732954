"""The entries of a package's two tables: relationships, and types of content."""

from dataclasses import dataclass

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.xml import Element

Types = tuple[dict[str, str], dict[str, str]]
"""Types of parts by `/` and their folded names, and types by folded extension."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part to another, or to the outside; `target` is a member name or a URI.

    `kind` is the last word of its type, the same in strict and transitional files.
    """

    id: str
    kind: str
    type: str
    target: str
    external: bool
    written: str = ""
    """The target as it stands in the file."""


def is_of(element: Element, link: Relationship) -> bool:
    """Tell whether an element is the one that a relationship was read of."""
    said = (element.get("Id") or "", element.get("Type") or "", element.get("Target") or "")
    return said == (link.id, link.type, link.written)


def folded(name: str | None) -> str:
    """Fold a name, by which parts are found whatever their case."""
    return (name or "").casefold()


def relationships_of(part: str) -> str:
    """Name the member that holds a part's relationships."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def read_types(root: Element) -> Types:
    """Read the table of content types; of several for one part the first counts."""
    own: dict[str, str] = {}
    by_extension: dict[str, str] = {}
    for one in root:
        kind = short(one.tag)
        if kind == "ct:Override":
            own.setdefault(folded(one.get("PartName")), str(one.get("ContentType") or ""))
        elif kind == "ct:Default":
            extension = str(one.get("Extension")).casefold()
            by_extension[extension] = str(one.get("ContentType") or "")
    return own, by_extension
