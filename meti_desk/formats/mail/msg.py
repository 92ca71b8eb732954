"""Mails as Outlook saves them: read in full, never rewritten; the label lies in a sidecar.

The digest is the SHA-256 of all bytes.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, NoReturn

import msgspec

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import (
    ForeignLabel,
    Inspection,
    LabelOrder,
    LabelReport,
    MarkFound,
    Member,
    ScrubOrder,
    ScrubReport,
    TextPart,
    Wants,
)
from meti_desk.formats.members import Inside, Nest, look
from meti_desk.formats.sidecar.hashing import sha256

if TYPE_CHECKING:
    from meti_desk.formats.mail.mapi import Node

VARIANT = "msg"
_NAME = "__properties_version1.0".encode("utf-16-le")
_SEARCHED = 1 << 20


class Msg:
    """The family of Outlook's messages, of the shape that `DocumentFormat` describes."""

    id = "msg"

    def recognise(self, head: bytes, source: BinaryIO) -> str | None:
        """Name `msg` a compound file with a message at its top, whatever is attached to it."""
        from meti_desk.formats.legacy.compound import MAGIC, opened
        from meti_desk.formats.mail.mapi import PROPERTIES

        if not head.startswith(MAGIC) or not _names_properties(source):
            return None
        try:
            with opened(source) as compound:
                return VARIANT if PROPERTIES in compound else None
        except InvalidInput:
            return None

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell what a message says, and what each file attached to it says of itself."""
        return self.inspect_within(source, wants, Nest())

    def inspect_within(self, source: BinaryIO, wants: Wants, nest: Nest) -> Inspection:
        """Inspect as one file among others."""
        from meti_desk.formats.legacy.compound import opened
        from meti_desk.formats.legacy.telling import findings
        from meti_desk.formats.mail.mapi import Node

        digest = sha256(source) if wants.digest else ""
        with opened(source) as compound:
            found = _read(Node(compound), wants, nest)
            told = findings(compound, VARIANT) if wants.findings else ()
        return Inspection(
            format=VARIANT,
            properties=found.properties,
            marks=found.marks,
            findings=told,
            digest=digest,
            text=found.text if wants.text else (),
            embeds=False,
            markable=False,
            foreign=found.foreign,
            members=found.members,
        )

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Refuse with `format.not-embeddable`: the services write a sidecar."""
        del source, target, order
        _refuse("format.not-embeddable")

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Refuse with `format.not-embeddable`."""
        del source, result, order
        _refuse("format.not-embeddable")

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Refuse with `scrub.legacy`: the way out is to save it as eml or to convert it."""
        from meti_desk.formats.legacy.telling import refuse

        del source, target, order
        raise refuse(VARIANT)

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Refuse with `scrub.legacy`."""
        from meti_desk.formats.legacy.telling import refuse

        del source, result, order
        raise refuse(VARIANT)


class _Message(NamedTuple):
    properties: dict[str, str]
    marks: tuple[MarkFound, ...]
    foreign: tuple[ForeignLabel, ...]
    text: tuple[TextPart, ...]
    members: tuple[Member, ...]


def _refuse(code: str, *articles: str) -> NoReturn:
    raise RuleViolation(code, articles=articles, format=VARIANT)


def _names_properties(source: BinaryIO) -> bool:
    """Look for the name of the stream before anything is parsed; directories lie at either end."""
    source.seek(0)
    if _NAME in source.read(_SEARCHED):
        return True
    size = source.seek(0, 2)
    source.seek(max(0, size - _SEARCHED))
    return _NAME in source.read()


def _read(node: "Node", wants: Wants, nest: Nest) -> _Message:
    from meti_desk.formats.mail import mapi
    from meti_desk.formats.mail.content import Lock, Reading, labels_of_line
    from meti_desk.formats.mail.headers import own_of_names, properties_of, read_block, subject_of

    headers = read_block(node.text(mapi.HEADERS).encode("utf-8", "replace"))
    named = node.named()
    line = headers.text("msip_labels") or named.get("msip_labels", "")
    own_mark = subject_of(headers)[0]
    subject = node.text(mapi.SUBJECT)
    reading = Reading(subject.removeprefix(own_mark).strip(), own_mark, _body(node), Lock("", ""))
    looked = look(_files(node, nest), wants, nest)
    inner = list(_messages(node, wants, nest))
    return _Message(
        properties=own_of_names(named) | properties_of(headers),
        marks=reading.marks(),
        foreign=labels_of_line(line, "msip_labels"),
        text=(*reading.text(), *looked.text, *(part for one in inner for part in one.text)),
        members=(
            *reading.member(),
            *looked.members,
            *(member for one in inner for member in one.members),
        ),
    )


def _body(node: "Node") -> str:
    """Give the text of the body: plain, else out of HTML, else out of RTF."""
    from meti_desk.formats.mail import mapi
    from meti_desk.formats.mail.packed_rtf import unpack
    from meti_desk.formats.text.encoding import decode
    from meti_desk.formats.text.html import declared_charset
    from meti_desk.formats.text.html import read as read_html
    from meti_desk.formats.text.rtf import joined
    from meti_desk.formats.text.rtf import read as read_rtf

    plain = node.text(mapi.BODY).replace("\r\n", "\n")
    if plain.strip():
        return plain
    page = node.binary(mapi.HTML)
    html = decode(page, declared_charset(page)) if page else node.text(mapi.HTML)
    if html.strip():
        return read_html(html).text
    return joined(read_rtf(unpack(node.binary(mapi.RTF))).text("body"))


def _name(node: "Node", number: int) -> str:
    from meti_desk.formats.mail import mapi
    from meti_desk.formats.shown import shown_path

    names = (node.text(tag) for tag in (mapi.LONG_NAME, mapi.SHORT_NAME, mapi.SHOWN_NAME))
    return next((shown for one in names if (shown := shown_path(one))), f"attachment-{number}")


def _files(node: "Node", nest: Nest) -> Iterator[Inside]:
    from meti_desk.formats.legacy.compound import LARGEST_STREAM
    from meti_desk.formats.mail import mapi

    for number, one in enumerate(node.attachments(), start=1):
        if one.inner() is not None:
            continue
        size = one.size(mapi.DATA)
        if size > min(nest.room(), LARGEST_STREAM):
            yield Inside(_name(one, number), obstacle="too-large")
            continue
        data = one.binary(mapi.DATA)
        whole = size > 0 and len(data) == size
        yield (
            Inside(_name(one, number), data)
            if whole
            else Inside(_name(one, number), obstacle="damaged")
        )


class _Inner(NamedTuple):
    members: tuple[Member, ...]
    text: tuple[TextPart, ...]


def _messages(node: "Node", wants: Wants, nest: Nest) -> Iterator[_Inner]:
    """Read the messages that are attached as such: they are no files of their own."""
    for number, one in enumerate(node.attachments(), start=1):
        inner = one.inner()
        if inner is None:
            continue
        place = _name(one, number)
        nest.budget.files -= 1
        if nest.depth <= 1 or nest.budget.files < 0:
            yield _Inner((Member(place=place, format=VARIANT, obstacle="too-deep"),), ())
            continue
        found = _read(inner, wants, nest.deeper())
        itself = Member(
            place=place,
            format=VARIANT,
            properties=found.properties,
            marks=found.marks,
            foreign=found.foreign,
        )
        moved = (msgspec.structs.replace(m, place=f"{place}/{m.place}") for m in found.members)
        text = tuple(TextPart(f"{place}: {part.place}", part.text) for part in found.text)
        yield _Inner((itself, *moved), text)


MSG = Msg()
