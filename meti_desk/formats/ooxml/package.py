"""An Open Packaging container: parts, their types and relationships, read lazily."""

import posixpath
from collections.abc import Callable, Iterator
from typing import BinaryIO
from urllib.parse import unquote

from meti_desk.formats.container import Container, Limits, Made, damaged
from meti_desk.formats.deflate import Packed
from meti_desk.formats.ooxml.entries import (
    Relationship,
    Types,
    folded,
    is_of,
    read_types,
    relationships_of,
)
from meti_desk.formats.ooxml.names import (
    CONTENT_TYPES,
    PACKAGE_RELATIONSHIPS,
    STRICT_RELATIONSHIPS,
    kind_of_relationship,
    short,
)
from meti_desk.formats.ooxml.xml import Element, parse, remove, serialize

__all__ = ["TYPES_PART", "Package", "Relationship", "relationships_of"]

TYPES_PART = "[Content_Types].xml"


class Package:
    """One OOXML file; changes are kept in memory and written by `save`.

    Raises `InvalidInput("document.damaged")` where the package itself does not hold.
    """

    def __init__(
        self, source: BinaryIO, limits: Limits | None = None, *, beside: "Package | None" = None
    ) -> None:
        """Open the container; `beside` is a document to compare it with, which lends what it read.

        Lent is only what lies in both files as the same compressed bytes.
        """
        self._container = Container(source, limits) if limits else Container.of(source)
        self._folded = {name.casefold(): name for name in self._container.members}
        self._trees: dict[str, Element] = {}
        self._written: dict[str, bytes | Packed | Made] = {}
        self._dirty: set[str] = set()
        self._removed: set[str] = set()
        self._links: dict[str, list[Relationship]] = {}
        self._targets: dict[tuple[str, ...], list[str]] = {}
        self._index: dict[str, tuple[list[Relationship], dict[str, Relationship]]] = {}
        self._typed: Types | None = None
        self._about: dict[str, dict[str, object]] = {}
        self._lent: dict[str, bool] = {}
        self._only_seen = beside is not None
        seen = self._container.opened if beside is None else beside
        self._base = seen if isinstance(seen, Package) else None
        if self.find(TYPES_PART) is None:
            raise damaged("content-types")

    @classmethod
    def seen(cls, source: BinaryIO) -> "Package":
        """Give the package of a file to look at, and the same one to whoever looks again.

        Nothing of it may be changed: who writes opens one of their own.
        """
        container = Container.of(source)
        if not isinstance(container.opened, cls):
            made = cls(source)
            made._only_seen = True
            container.opened = made
        return container.opened

    def _lender(self, name: str) -> "Package | None":
        """Give the package that has read a member already, with the same compressed bytes."""
        base = self._base
        if base is None or name in self._dirty or name in self._written or name in self._removed:
            return None
        if base._container is self._container:  # noqa: SLF001 - of the same class
            return base
        held = self._lent.get(name)
        if held is None:
            inside = name in self._container and name in base._container  # noqa: SLF001
            held = self._lent[name] = inside and self.same_member(base, name)
        return base if held else None

    @property
    def names(self) -> list[str]:
        """All members as they would be written now, in order."""
        kept = [name for name in self._container.members if name not in self._removed]
        new = dict.fromkeys((*self._written, *sorted(self._dirty)))
        return kept + [name for name in new if name not in self._container]

    @property
    def notes(self) -> dict[str, str] | None:
        """What was found out about the content as it lies in the file; `None` once it is changed.

        Whoever reads the same file again finds it there and need not find it out anew.
        """
        changed = self._dirty or self._written or self._removed
        return None if changed else self._container.notes

    def has_zip_metadata(self) -> bool:
        """Tell whether the zip itself carries times, comments or extra fields."""
        return self._container.has_metadata()

    @property
    def original_names(self) -> list[str]:
        """All members as they stand in the source."""
        return list(self._container.members)

    def find(self, name: str) -> str | None:
        """Give a member's name as spelled in the file (case does not matter), or nothing."""
        held = self._folded.get(name.casefold())
        return None if held in self._removed else held

    def data(self, name: str) -> bytes:
        """Give a member's bytes as they would be written now."""
        content = self._content(name)
        if isinstance(content, Made):
            return content.make()
        return content.expand() if isinstance(content, Packed) else content

    def _content(self, name: str) -> bytes | Packed | Made:
        if name in self._dirty:
            return serialize(self._trees[name])
        written = self._written.get(name)
        if written is not None:
            return written
        lender = self._lender(name)
        return (lender or self)._container.read(name)  # noqa: SLF001 - of the same class

    def reader(self, name: str) -> Callable[[], bytes]:
        """Give what reads a member of the source, whatever is to be written in its place."""
        return lambda: self._container.read(name)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Give a member's bytes as they would be written now, at most some 1 MiB at once.

        Length and CRC-32 are known only at the end: until then nothing is proven.
        """
        if name in self._dirty or name in self._written:
            yield self.data(name)
        else:
            yield from self._container.pieces(name)

    def as_it_lies(self, name: str) -> bytes | None:
        """Give the bytes of the file that a tree was read from; `None` where there are none."""
        lies = name in self._container and name not in self._written
        return self._container.read(name) if lies else None

    def size(self, name: str) -> int:
        """Give the expanded size that the file declares for a member of the source."""
        return self._container.members[name].size

    def same_member(self, other: "Package", name: str) -> bool:
        """Tell whether a member lies in both files as the same compressed bytes."""
        return self._container.same(other._container, name)  # noqa: SLF001 - of the same class

    def set_data(self, name: str, data: bytes | Packed | Made) -> None:
        """Replace or add a member by its bytes, or by what was compressed piece by piece.

        What makes them only when they are written needs the source to stay open until then.
        """
        self._targets.clear()
        self._folded.setdefault(name.casefold(), name)
        self._removed.discard(name)
        self._trees.pop(name, None)
        self._dirty.discard(name)
        self._written[name] = data

    def xml(self, name: str) -> Element:
        """Give a member parsed, always the same tree; call `touch` after changing it."""
        tree = self._trees.get(name)
        if tree is None:
            tree = self._trees[name] = parse(self.data(name), name)
        return tree

    def look(self, name: str) -> Element:
        """Give a member parsed, only to look at it: the tree may be that of another package."""
        if name not in self._trees and (lender := self._lender(name)) is not None:
            return lender.look(name)
        return self.xml(name)

    def take_over(self) -> None:
        """Take the trees that were read to look at, to change them: two take too much memory."""
        held = {} if self._base is None else self._base._trees  # noqa: SLF001 - of the same class
        self._trees, self._base, self._container.opened = held | self._trees, None, None

    def about(self, name: str) -> dict[str, object] | None:
        """Give what was found out about a member as it lies in the file, to be added to.

        `None` where it may be changed here; who finds the same out again has to do it anew.
        """
        if (lender := self._lender(name)) is not None:
            return lender.about(name)
        return self._about.setdefault(name, {}) if self._only_seen else None

    def touch(self, name: str) -> None:
        """Have the changed tree of a member written."""
        self._dirty.add(name)
        self._typed = None

    def add_xml(self, name: str, root: Element, content_type: str) -> None:
        """Add a new part with its content type."""
        self._targets.clear()
        self._folded.setdefault(name.casefold(), name)
        self._removed.discard(name)
        self._trees[name] = root
        self.touch(name)
        self.set_type(name, content_type)

    def drop(self, name: str) -> None:
        """Remove a member, its relationships and its content type."""
        self._targets.clear()
        for member in (name, relationships_of(name)):
            held = self.find(member)
            if held is None:
                continue
            self._removed.add(held)
            self._dirty.discard(held)
            self._trees.pop(held, None)
            self._links.pop(name, None)
            self._written.pop(held, None)
            if held not in self._container:
                self._folded.pop(held.casefold(), None)
        self._forget_type(name)

    def _types(self) -> Element:
        name = self.find(TYPES_PART)
        assert name is not None  # noqa: S101 - the constructor made sure
        return self.xml(name)

    def _touch_types(self) -> None:
        name = self.find(TYPES_PART)
        if name is not None:
            self.touch(name)

    def type_of(self, name: str) -> str:
        """Give a part's content type: its own entry, else the one of its extension."""
        if self._typed is None:
            self._typed = self._read_types()
        own, by_extension = self._typed
        named = own.get("/" + name.casefold())
        if named is not None:
            return named
        return by_extension.get(name.rpartition(".")[2].casefold(), "")

    def _read_types(self) -> Types:
        name = self.find(TYPES_PART) or TYPES_PART
        lender = None if name in self._trees else self._lender(name)
        if lender is not None and lender._typed is not None:  # noqa: SLF001 - of the same class
            return lender._typed  # noqa: SLF001
        return read_types(self.look(name))

    def set_type(self, name: str, content_type: str) -> None:
        """Give a part its own content type."""
        self._forget_type(name)
        entry = self._types().makeelement(f"{{{CONTENT_TYPES}}}Override", {}, None)
        entry.set("PartName", "/" + name)
        entry.set("ContentType", content_type)
        self._types().append(entry)
        self._touch_types()

    def _forget_type(self, name: str) -> None:
        wanted = "/" + name.casefold()
        for one in list(self._types()):
            if short(one.tag) == "ct:Override" and folded(one.get("PartName")) == wanted:
                remove(one)
                self._touch_types()

    def links(self, part: str = "") -> list[Relationship]:
        """Give the relationships of a part; of the package itself when the name is empty."""
        held = self._links.get(part)
        if held is None:
            held = self._links[part] = self._read_links(part)
        return held

    def _read_links(self, part: str) -> list[Relationship]:
        name = self.find(relationships_of(part))
        if name is None:
            return []
        lender = None if name in self._trees else self._lender(name)
        if lender is not None:
            lent = lender.links(part)
            # One that leads nowhere there may lead to a part here.
            if all(one.external or lender.find(one.target) is not None for one in lent):
                return lent
        base = posixpath.dirname(part)
        found = []
        for one in self.look(name):
            if short(one.tag) != "rel:Relationship":
                continue
            kind = str(one.get("Type") or "")
            written = str(one.get("Target") or "")
            external = one.get("TargetMode") == "External"
            target = written if external else self._resolve(base, written)
            found.append(
                Relationship(
                    str(one.get("Id") or ""), kind_of_relationship(kind), kind, target, external,
                    written,
                )
            )  # fmt: skip
        return found

    def _resolve(self, base: str, target: str) -> str:
        path = target.partition("#")[0]
        joined = path[1:] if path.startswith("/") else posixpath.join(base, path)
        if "/." in f"/{joined}" or "//" in f"/{joined}/":  # most are plain
            joined = posixpath.normpath(joined) if joined else ""
        return self.find(joined) or self.find(unquote(joined)) or joined

    def targets(self, part: str, *kinds: str) -> list[str]:
        """Give the names of existing parts that a part links to by these kinds."""
        return list(self._found(part, *kinds))

    def _found(self, *asked: str) -> list[str]:
        """Remember the targets of a part and kinds, until parts or links come or go."""
        held = self._targets.get(asked)
        if held is None:
            part, *kinds = asked
            wanted = dict.fromkeys(link.target for link in self.links(part) if link.kind in kinds)
            held = self._targets[asked] = [name for name in wanted if self.find(name) is not None]
        return held

    def target(self, part: str, kind: str) -> str | None:
        """Give the first existing part that a part links to by this kind."""
        return next(iter(self._found(part, kind)), None)

    def by_id(self, part: str, link_id: str) -> Relationship | None:
        """Find a relationship by its id."""
        links = self.links(part)
        index = self._index.get(part)
        if index is None or index[0] is not links:
            index = self._index[part] = (links, {link.id: link for link in reversed(links)})
        return index[1].get(link_id)

    def add_link(self, part: str, type_uri: str, target: str) -> str:
        """Link a part to another; gives the new relationship's id."""
        self._targets.clear()
        name = relationships_of(part)
        held = self.find(name)
        if held is None:
            empty = f'<Relationships xmlns="{PACKAGE_RELATIONSHIPS}"/>'.encode()
            self._folded.setdefault(name.casefold(), name)
            self._removed.discard(name)
            self._trees[name] = parse(empty, name)
            held = name
        taken = {link.id for link in self.links(part)}
        number = next(n for n in range(1, len(taken) + 2) if f"rIdMeti{n}" not in taken)
        entry = self.xml(held).makeelement(f"{{{PACKAGE_RELATIONSHIPS}}}Relationship", {}, None)
        entry.set("Id", f"rIdMeti{number}")
        entry.set("Type", type_uri)
        entry.set("Target", posixpath.relpath(target, posixpath.dirname(part) or "."))
        self.xml(held).append(entry)
        self.touch(held)
        self._links.pop(part, None)
        return f"rIdMeti{number}"

    def unlink(self, part: str, link: Relationship) -> None:
        """Take one relationship away; its target stays."""
        self._targets.clear()
        name = self.find(relationships_of(part))
        if name is not None:
            for one in self.xml(name):
                if is_of(one, link):
                    remove(one)
                    break
            self.touch(name)
            self._links[part] = [held for held in self.links(part) if held.id != link.id]
            if not len(self.xml(name)) and part:
                self._removed.add(name)
                self._dirty.discard(name)

    def main(self) -> str:
        """Give the name of the main document part."""
        name = self.target("", "officeDocument")
        if name is None:
            raise damaged("main-part")
        return name

    def strict(self) -> bool:
        """Tell whether the package is written as strict Open XML."""
        return any(
            link.kind == "officeDocument" and link.type.startswith(STRICT_RELATIONSHIPS)
            for link in self.links()
        )

    def save(self, target: BinaryIO, *, clean: bool = False) -> None:
        """Write the package with what was changed; see `Container.rewrite`."""
        touched = dict.fromkeys((*self._written, *sorted(self._dirty)))
        changed = {name: self._content(name) for name in touched}
        if clean:
            # The same bytes whoever wrote the part: scrubbing twice changes nothing.
            for name in list(self.names):
                if name not in changed and name.endswith((".xml", ".rels")):
                    changed[name] = serialize(self.xml(name))
        self._container.rewrite(target, changed, self._removed, clean=clean)
