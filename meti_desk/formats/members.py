"""Looks at the files inside an archive or a mail through the registry, within limits (Art. 6).

A family whose files hold files gives them one by one as `Inside` and calls `look`. It offers
`inspect_within(source, wants, nest)` beside `inspect`, so that the limits hold for all levels of
one file together: 500 zips in each other, and zips of zips that grow without end, end here.
"""

import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, NamedTuple, Protocol, cast

import msgspec

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.formats.base import Inspection, Member, TextPart, Wants
from meti_desk.formats.registry import find
from meti_desk.formats.sidecar.document import SUFFIX, Sidecar, read_sidecar

LARGEST_MEMBER = 128 << 20
"""Bytes of one file inside that is still looked at; it lies in memory while it is."""


@dataclass(slots=True)
class Budget:
    """What may still be looked at, in all levels of one file together; sizes in bytes."""

    files: int = 1_000
    expanded: int = 512 << 20


@dataclass(frozen=True, slots=True)
class Nest:
    """One level of files inside files: the common budget, and how many levels may follow."""

    budget: Budget = field(default_factory=Budget)
    depth: int = 5

    def deeper(self) -> "Nest":
        """Give the next level."""
        return replace(self, depth=self.depth - 1)

    def room(self) -> int:
        """Tell how many bytes the next file may have."""
        return min(LARGEST_MEMBER, self.budget.expanded)


class Inside(NamedTuple):
    """One file inside: its safe name, and its bytes or why they cannot be had."""

    name: str
    data: bytes = b""
    obstacle: str = ""


class Looked(NamedTuple):
    """What was found. `digest` is empty when not all of the content could be had."""

    members: tuple[Member, ...]
    text: tuple[TextPart, ...]
    digest: str


class Holder(Protocol):
    """A family whose files hold files."""

    def inspect_within(self, source: BinaryIO, wants: Wants, nest: Nest) -> Inspection:
        """Inspect as one file among others."""


class _Seen(NamedTuple):
    inside: Inside
    sha256: str
    inspection: Inspection | None
    member: Member


def look(insides: Iterable[Inside], wants: Wants, nest: Nest) -> Looked:
    """Look at each file inside; one that cannot be looked at is listed with its obstacle.

    A sidecar inside speaks for the file that it names, and is no member of its own then.
    """
    seen = _with_sidecars(list(_all(insides, wants, nest)))
    members: list[Member] = []
    text: list[TextPart] = []
    for one in seen:
        members.append(one.member)
        if one.inspection is not None:
            place = one.inside.name
            members += (_moved(inner, place) for inner in one.inspection.members)
            text += (TextPart(f"{place}: {p.place}", p.text) for p in one.inspection.text)
    return Looked(tuple(members), tuple(text), digest_of(_rows(seen)) if wants.digest else "")


def digest_of(rows: Iterable[tuple[str, str]] | None) -> str:
    """Join names and digests of members into one digest, which packing anew does not change."""
    if rows is None:
        return ""
    text = json.dumps(["jp.go.meti.members/1", *sorted(rows)], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _all(insides: Iterable[Inside], wants: Wants, nest: Nest) -> Iterator[_Seen]:
    given = iter(insides)
    while True:
        try:
            inside = next(given, None)
        except (MetiDeskError, MemoryError, RecursionError) as error:
            inside = Inside("", obstacle=obstacle_of(error))
        if inside is None:
            return
        if nest.budget.files <= 0:
            yield _unseen(Inside(inside.name, obstacle="too-many"))
            return
        nest.budget.files -= 1
        if inside.obstacle:
            yield _unseen(inside)
        else:
            nest.budget.expanded -= len(inside.data)
            yield _one(inside, wants, nest)


def _unseen(inside: Inside) -> _Seen:
    return _Seen(inside, "", None, Member(place=inside.name, obstacle=inside.obstacle))


def _one(inside: Inside, wants: Wants, nest: Nest) -> _Seen:
    sha256 = hashlib.sha256(inside.data).hexdigest()
    asked = Wants(
        findings=False,
        digest=wants.digest,
        text=wants.text,
        name=inside.name.rpartition("/")[2],
    )
    variant = ""
    try:
        source = io.BytesIO(inside.data)
        found = find(source)
        variant = found.variant
        if not hasattr(found.family, "inspect_within"):
            inspection = found.family.inspect(source, asked)
        elif nest.depth > 1:
            holder = cast("Holder", found.family)
            inspection = holder.inspect_within(source, asked, nest.deeper())
        else:
            member = Member(place=inside.name, format=variant, obstacle="too-deep")
            return _Seen(inside, sha256, None, member)
    except Exception as error:  # noqa: BLE001 - a library may raise anything at all on a bad member
        member = Member(place=inside.name, format=variant, obstacle=obstacle_of(error))
        return _Seen(inside, sha256, None, member)
    member = Member(
        place=inside.name,
        format=inspection.format,
        properties=inspection.properties,
        marks=inspection.marks,
        foreign=inspection.foreign,
        obstacle="encrypted" if inspection.obstacle == "encrypted" else "",
        digest=inspection.digest,
    )
    return _Seen(inside, sha256, inspection, member)


def obstacle_of(error: BaseException) -> str:
    """Name why a member could not be looked at, by the error that it led to."""
    if isinstance(error, MetiDeskError):
        return error.code.removeprefix("document.")
    if isinstance(error, MemoryError):
        return "too-large"
    return "too-deep" if isinstance(error, RecursionError) else "damaged"


def _rows(seen: list[_Seen]) -> list[tuple[str, str]] | None:
    if any(not one.sha256 for one in seen):
        return None
    return [
        (one.inside.name, (one.inspection.digest if one.inspection else "") or one.sha256)
        for one in seen
    ]


def _moved(inner: Member, place: str) -> Member:
    return msgspec.structs.replace(inner, place=f"{place}/{inner.place}" if inner.place else place)


def _with_sidecars(seen: list[_Seen]) -> list[_Seen]:
    """Let sidecars that lie inside speak for their files."""
    by_name = {one.inside.name: at for at, one in enumerate(seen)}
    spoken: set[int] = set()
    for at, one in enumerate(list(seen)):
        target = by_name.get(one.inside.name.removesuffix(SUFFIX), at)
        told = _sidecar(one.inside) if target != at else None
        if told is None or told.sha256 != seen[target].sha256:
            continue
        spoken.add(at)
        held = seen[target].member
        if not held.properties:
            member = msgspec.structs.replace(held, properties=dict(told.properties))
            seen[target] = seen[target]._replace(member=member)
    return [one for at, one in enumerate(seen) if at not in spoken]


def _sidecar(inside: Inside) -> Sidecar | None:
    try:
        return read_sidecar(inside.data)
    except InvalidInput:
        return None
