"""What a mail says: subject, text, and the files in it (Art. 6: body and attachments)."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from meti_desk.formats.base import ForeignLabel, MarkFound, Member, TextPart
from meti_desk.formats.foreign import of_properties
from meti_desk.formats.mail.headers import Block, subject_of
from meti_desk.formats.mail.mime import Part
from meti_desk.formats.mark_lines import first_lines, looks_like_mark, marks_of_lines
from meti_desk.formats.members import Inside, Nest
from meti_desk.formats.shown import shown_path
from meti_desk.formats.text.html import read as read_html

BODY = "body"
"""Place of what a mail says itself, beside its attachments."""
_SHOWN_HEADERS = ("from", "to", "cc", "date")
_SIGNATURES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_PGP = "application/pgp-encrypted"
_REPORTS = frozenset({"message/delivery-status", "text/rfc822-headers", "text/calendar"})
_READABLE = ("text/plain", "text/html")


class Lock(NamedTuple):
    """How a mail is locked: `signed`, `encrypted` or neither, and with what."""

    state: str
    method: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a mail says itself, without its attachments."""

    subject: str
    own_mark: str
    body: str
    lock: Lock

    def marks(self) -> tuple[MarkFound, ...]:
        """Find marks in the subject and at the beginning of the body."""
        found = [MarkFound(self.own_mark, "subject", own=True)] if self.own_mark else []
        if looks_like_mark(self.subject):
            found.append(MarkFound(self.subject, "subject"))
        return (*found, *marks_of_lines(first_lines(self.body), BODY))

    def text(self) -> tuple[TextPart, ...]:
        """Give subject and body."""
        parts = (TextPart("subject", self.subject), TextPart(BODY, self.body))
        return tuple(one for one in parts if one.text.strip())

    def member(self) -> tuple[Member, ...]:
        """List the body beside the attachments: it has no label of its own (rule 8 of Art. 6)."""
        if self.lock.state == "encrypted":
            return (Member(place=BODY, obstacle="encrypted"),)
        return (Member(place=BODY, format="txt"),) if self.body.strip() else ()


def read(root: Part) -> Reading:
    """Read subject and body."""
    mark, subject = subject_of(root.headers)
    return Reading(subject, mark, _body(root), lock_of(root))


def lock_of(root: Part) -> Lock:
    """Tell whether the mail is signed or encrypted; our headers break neither."""
    if root.kind in _SMIME:
        kind = root.parameters.get("smime-type", "").lower()
        state = "signed" if kind == "signed-data" else "encrypted"
        return Lock(state, "smime")
    if root.kind == "multipart/encrypted":
        return Lock("encrypted", "pgp")
    if root.kind == "multipart/signed":
        pgp = "pgp" in root.parameters.get("protocol", "").lower()
        return Lock("signed", "pgp" if pgp else "smime")
    return Lock("", "")


def dkim_covers_subject(block: Block) -> bool:
    """Tell whether a signature of a mail server covers the subject."""
    for one in block.fields:
        if one.name.lower() in ("dkim-signature", "arc-message-signature"):
            tags = b"".join(one.value.split()).lower()
            names = next((tag[2:] for tag in tags.split(b";") if tag.startswith(b"h=")), b"")
            if b"subject" in names.split(b":"):
                return True
    return False


def foreign_labels(block: Block) -> tuple[ForeignLabel, ...]:
    """Read Microsoft's labels, which its mail programs write into one header."""
    return labels_of_line(block.text("msip_labels"), "msip_labels")


def labels_of_line(line: str, place: str) -> tuple[ForeignLabel, ...]:
    """Read `name=value` pairs with `;` between them."""
    pairs = (one.partition("=") for one in line.split(";"))
    return of_properties({k.strip(): v.strip() for k, _, v in pairs if k.strip()}, place)


def _is_body(part: Part) -> bool:
    if part.kind in _REPORTS or part.kind in _SIGNATURES or part.kind == _PGP:
        return not part.is_attachment or part.kind in _SIGNATURES
    return part.kind in _READABLE and not part.is_attachment and not part.name


def _body(part: Part) -> str:
    """Give the text that a reader sees; of alternatives the one that says most."""
    if part.kind == "multipart/alternative":
        return max((_body(one) for one in part.parts), key=len, default="")
    if part.parts:
        return "\n".join(text for one in part.parts if (text := _body(one)).strip())
    if part.kind.startswith("multipart/"):
        return part.text()  # its boundary stands nowhere: readers show it as it is
    if not _is_body(part) or part.kind not in _READABLE:
        return ""
    text = part.text()
    return read_html(text).text if part.kind == "text/html" else text


def files(root: Part, nest: Nest) -> Iterator[Inside]:
    """Give the attachments, mails that are forwarded among them."""
    number = 0
    for part in root.leaves():
        if _is_body(part) or part.is_shown:
            continue
        if part.kind.startswith("multipart/"):
            if bytes(part.raw).strip():
                yield Inside("", obstacle="damaged")
            continue
        number += 1
        name = shown_path(part.name) or _made_name(part, number)
        if part.kind in _SMIME or root.kind == "multipart/encrypted":
            locked = part.parameters.get("smime-type", "").lower() != "signed-data"
            yield Inside(name, obstacle="encrypted" if locked else "unsupported")
        elif len(part.raw) > nest.room():
            yield Inside(name, obstacle="too-large")
        else:
            yield Inside(name, part.content())


def _made_name(part: Part, number: int) -> str:
    return f"attachment-{number}.eml" if part.kind == "message/rfc822" else f"attachment-{number}"


def digest(root: Part, reading: Reading) -> str:
    """Hash what the reader sees: subject without our mark, sender, recipients, date, all parts.

    How parts are encoded for sending does not count, nor the lines that servers add on the way.
    """
    rows: list[list[str]] = [["subject", reading.subject]]
    rows += [[name, root.headers.text(name)] for name in _SHOWN_HEADERS]
    for part in root.leaves():
        if part.kind.startswith("text/") and not part.is_attachment:
            data = part.text().strip().encode("utf-8", "surrogatepass")
        else:
            data = part.content()
        rows.append([part.kind, part.name, hashlib.sha256(data).hexdigest()])
    text = json.dumps(["jp.go.meti.mail/1", *rows], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
