"""Mails as they are sent (RFC 5322): the label lies in header lines, body and files stay as sent.

A mark on a mail is the one in front of its subject, where policy wants it there (Art. 5-1).
"""

import hashlib
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.formats.base import (
    Finding,
    Inspection,
    LabelOrder,
    LabelReport,
    Member,
    ProtectionFound,
    Purpose,
    ScrubOrder,
    ScrubReport,
    Wants,
)
from meti_desk.formats.inner import first_nest
from meti_desk.formats.mail.headers import (
    LARGEST,
    PREFIX,
    Block,
    can_carry,
    properties_of,
    read_block,
    subject_of,
    written,
)
from meti_desk.formats.mail.kinds import KINDS
from meti_desk.formats.members import Inside, Nest, look
from meti_desk.formats.noting import Notes
from meti_desk.formats.sidecar.hashing import sha256

VARIANT = "eml"
MAILBOX = "mbox"
_LARGEST_READ = 128 << 20
_LARGEST_SCRUBBED = 64 << 20
_PIECE = 1 << 20
_SURE = frozenset({"message-id", "received", "mime-version", "return-path", "dkim-signature"})
_USUAL = frozenset({"from", "to", "cc", "date", "subject", "content-type", "reply-to", "sender"})
_NEXT = re.compile(rb"\n\r?\n(?=From \S+[^\r\n]*[0-9]{4}\r?\n[!-9;-~]{1,76}:)")
_CHANGED_SUBJECT = "mail.signature-of-server-broken"


class Eml:
    """The family of mails and mailboxes, of the shape that `DocumentFormat` describes."""

    id = "mail"

    def recognise(self, head: bytes, source: BinaryIO) -> str | None:
        """Name `eml` what begins with the header lines of a mail, `mbox` several in a row."""
        block = _block(source)
        if b"\0" in head[: block.size]:
            return None
        names = block.names()
        by_address = b"@" in block.first("from") and bool(names & {"date", "subject"})
        if not (names & _SURE or by_address) or len(names & (_USUAL | _SURE)) < 2:  # noqa: PLR2004
            return None
        return MAILBOX if block.start.startswith(b"From ") and _has_next(source) else VARIANT

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell what a mail says, and what each file in it says of itself."""
        return self.inspect_within(source, wants, Nest())

    def inspect_within(self, source: BinaryIO, wants: Wants, nest: Nest) -> Inspection:
        """Inspect as one file among others."""
        source.seek(0)
        variant = self.recognise(source.read(4096), source) or VARIANT
        size = source.seek(0, 2)
        if size > _LARGEST_READ:
            return _too_large(source, variant, wants)
        source.seek(0)
        data = source.read()
        return _mailbox(data, wants, nest) if variant == MAILBOX else _mail(data, wants, nest)

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Write our header lines at the end of the header; every other byte is copied.

        Raises `InvalidInput`: `label.foreign-key`, `label.text-not-storable`, `document.damaged`
        (`headers`) for a header without end; `RuleViolation("format.not-embeddable")` for a
        mailbox.
        """
        from meti_desk.formats.mail.content import dkim_covers_subject

        block = _rewritable(self, source, order)
        subject = _subject(order)
        new = written(block, order.properties, subject)
        target.write(new)
        source.seek(block.size)
        while piece := source.read(_PIECE):
            target.write(piece)
        changed = read_block(new).text("subject") != block.text("subject")
        notes = (_CHANGED_SUBJECT,) if changed and dkim_covers_subject(block) else ()
        return LabelReport(marked=1 if subject else 0, notes=notes)

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Prove that label and mark stand there and that nothing else was touched."""
        before, after = _block(source), _block(result)
        if properties_of(after) != order.properties:
            raise InvalidInput("label.not-proven", what="properties")
        subject = _subject(order)
        held, plain = subject_of(before)
        if subject_of(after) != (held if subject is None else subject, plain):
            raise InvalidInput("label.not-proven", what="mark")
        if list(_others(before)) != list(_others(after)):
            raise InvalidInput("label.not-proven", what="headers")
        if _rest(source, before.size) != _rest(result, after.size):
            raise InvalidInput("label.not-proven", what="content")

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Write the mail without what no reader of it sees (Arts. 14-7, 15-2).

        Raises `RuleViolation`: `document.signed`, `document.encrypted`, `scrub.blocked`,
        `scrub.unsupported-format` for a mailbox; `InvalidInput`: `document.damaged`,
        `document.bomb`, `document.too-large`.
        """
        return self.scrub_within(source, target, order, first_nest())

    def scrub_within(
        self, source: BinaryIO, target: BinaryIO, order: ScrubOrder, nest: Nest
    ) -> ScrubReport:
        """Scrub as one file among others; see `formats.inner`."""
        notes = Notes(order, KINDS)
        plain = self._cleaned(source, notes, nest)
        report = notes.report()
        if self.recognise(plain[:4096], io.BytesIO(plain)) != VARIANT:
            # Nothing of its header would be left that a reader knows it by.
            raise InvalidInput("document.damaged", reason="headers")
        target.write(plain)
        return report

    def findings_within(
        self, source: BinaryIO, order: ScrubOrder, nest: Nest
    ) -> tuple[Finding, ...]:
        """List what a scrub with the standard choices would take out, or leave."""
        notes = Notes(order, KINDS, showing=True)
        self._cleaned(source, notes, nest)
        return notes.findings()

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Prove with the independent auditor that nothing was left and all that is seen stayed."""
        from meti_desk.formats.mail.audit import audit

        source.seek(0)
        result.seek(0)
        audit(source.read(), result.read(), order)

    def _cleaned(self, source: BinaryIO, notes: Notes, nest: Nest) -> bytes:
        from meti_desk.formats.mail.clean_mail import clean_mail

        source.seek(0)
        if self.recognise(source.read(4096), source) == MAILBOX:
            code = "scrub.unsupported-format"
            raise RuleViolation(code, articles=("14-7",), format=MAILBOX)
        if _block(source).cut:
            raise InvalidInput("document.damaged", reason="headers")
        source.seek(0)
        data = source.read(_LARGEST_SCRUBBED + 1)
        if len(data) > _LARGEST_SCRUBBED:
            raise InvalidInput("document.too-large", limit=_LARGEST_SCRUBBED)
        return clean_mail(data, notes, nest)


def _block(source: BinaryIO) -> Block:
    source.seek(0)
    data = source.read(LARGEST + 1)
    return read_block(data, whole=len(data) <= LARGEST)


def _has_next(source: BinaryIO) -> bool:
    """Tell whether another mail follows in the same file."""
    source.seek(0)
    kept = b""
    while piece := source.read(_PIECE):
        if _NEXT.search(kept + piece):
            return True
        kept = (kept + piece)[-4096:]
    return False


def _subject(order: LabelOrder) -> str | None:
    """Give the mark for the subject; without one of its own, none stays when marks are removed."""
    return "" if order.subject is None and order.mark == "" else order.subject


def _rewritable(family: Eml, source: BinaryIO, order: LabelOrder) -> Block:
    for key in order.properties:
        if not key.startswith("jp.go.meti."):
            raise InvalidInput("label.foreign-key", key=key[:80])
        if not can_carry(key):
            raise InvalidInput("label.text-not-storable", key=key[:80])
    source.seek(0)
    if family.recognise(source.read(4096), source) == MAILBOX:
        raise RuleViolation("format.not-embeddable", format=MAILBOX)
    block = _block(source)
    if block.cut:
        raise InvalidInput("document.damaged", reason="headers")
    return block


def _others(block: Block) -> Iterator[bytes]:
    """Give all header lines that are neither ours nor the subject."""
    yield block.start
    for one in block.fields:
        if not one.name.lower().startswith(PREFIX) and one.name.lower() != "subject":
            yield one.raw.rstrip(b"\r\n")


def _rest(source: BinaryIO, start: int) -> bytes:
    source.seek(start)
    digest = hashlib.sha256()
    while piece := source.read(_PIECE):
        digest.update(piece)
    return digest.digest()


def _too_large(source: BinaryIO, variant: str, wants: Wants) -> Inspection:
    return Inspection(
        format=variant,
        properties=properties_of(_block(source)) if variant == VARIANT else {},
        digest=sha256(source) if wants.digest else "",
        embeds=variant == VARIANT,
        markable=False,
        members=(Member(place="", obstacle="too-large"),),
    )


def _mail(data: bytes, wants: Wants, nest: Nest) -> Inspection:
    from meti_desk.formats.mail import content
    from meti_desk.formats.mail.mime import parse

    root = parse(data)
    reading = content.read(root)
    looked = look(content.files(root, nest), wants, nest)
    lock = reading.lock
    return Inspection(
        format=VARIANT,
        findings=_listed(data, wants.purpose) if wants.findings else (),
        properties=properties_of(root.headers),
        marks=reading.marks(),
        protection=ProtectionFound(f"{lock.method}-{lock.state}") if lock.state else None,
        digest=content.digest(root, reading) if wants.digest else "",
        text=(*reading.text(), *looked.text) if wants.text else (),
        markable=False,
        foreign=content.foreign_labels(root.headers),
        members=(*reading.member(), *looked.members),
    )


def _listed(data: bytes, purpose: Purpose) -> tuple[Finding, ...]:
    """List findings; of what is locked or broken there are none, the scrub says why."""
    try:
        return EML.findings_within(io.BytesIO(data), ScrubOrder(purpose), first_nest())
    except MetiDeskError:
        return ()


def _mailbox(data: bytes, wants: Wants, nest: Nest) -> Inspection:
    starts = [0, *(found.end() for found in _NEXT.finditer(data))]
    ends = [*starts[1:], len(data)]
    mails = (
        Inside(f"{number}.eml", data[start:end])
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    )
    looked = look(mails, wants, nest)
    return Inspection(
        format=MAILBOX,
        digest=hashlib.sha256(data).hexdigest() if wants.digest else "",
        text=looked.text if wants.text else (),
        embeds=False,
        markable=False,
        members=looked.members,
    )


EML = Eml()
