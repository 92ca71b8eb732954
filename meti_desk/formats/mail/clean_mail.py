"""Removing 付加情報 from a mail: its parts are put together anew, each cleaned by its kind.

The internal way of a mail (servers, programs, ids) goes for 提供 too: no recipient needs it, and
references to other mails name hosts of the ministry. From, To, Cc, Subject and Date stay.
"""

import base64
import binascii
import re
from collections.abc import Callable

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.inner import clean_inside, spend
from meti_desk.formats.mail import kinds
from meti_desk.formats.mail.clean_lines import encoding_of, part_lines, top_lines
from meti_desk.formats.mail.content import lock_of
from meti_desk.formats.mail.mime import Part, parse
from meti_desk.formats.members import Nest
from meti_desk.formats.noting import Notes
from meti_desk.formats.shown import shown_path
from meti_desk.formats.text.clean_html import clean_html
from meti_desk.formats.text.clean_text import note_unseen

_REPORTS = frozenset(
    {"message/delivery-status", "text/rfc822-headers", "message/disposition-notification",
     "message/external-body", "message/partial", "message/global-delivery-status",
     "message/feedback-report"}
)  # fmt: skip
_SIGNATURES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_MAILS = frozenset({"message/rfc822", "message/global", "message/news"})
_UU = re.compile(r"^begin [0-7]{3,4} \S", re.MULTILINE)
_CID = re.compile(rb"cid:([^\"'\s>)]+)", re.IGNORECASE)
_WIDTH = 76


class _Mail:
    """One mail: numbers its parts, names its boundaries."""

    def __init__(self, root: Part, notes: Notes, place: str, nest: Nest) -> None:
        self._root = root
        self._notes = notes
        self._place = place
        self._nest = nest
        self._end = root.headers.line_end
        self._number = 0
        self._boundaries = 0
        self._ids = self._content_ids()

    def cleaned(self) -> bytes:
        """Give the mail without what goes."""
        start = self._root.headers.start
        head = []
        if start.strip(b"\xef\xbb\xbf") and not self._notes.add(
            kinds.ENVELOPE, self._where("header"), start
        ):
            head.append(start)
        head += top_lines(self._root.headers, self._notes, self._where("header"))
        return b"".join(head) + self._part(self._root, top=True)

    def _where(self, place: str) -> str:
        return f"{self._place}/{place}" if self._place else place

    def _content_ids(self) -> dict[str, str]:
        """Give each id by which a page shows its pictures a number for a name."""
        held: dict[str, str] = {}
        for part in _all(self._root):
            said = part.headers.text("content-id").strip().strip("<>")
            if said and said not in held:
                held[said] = f"part-{len(held) + 1}"
        return held

    def _part(self, part: Part, *, top: bool = False) -> bytes:
        """Write one part: its lines of MIME, a blank line, and its content."""
        if part.parts:
            return self._several(part, top=top)
        if part.kind.startswith("multipart/") and bytes(part.raw).strip():
            raise InvalidInput("document.damaged", reason="parts")
        self._number += 1
        place = self._where(shown_path(part.name) or ("body" if self._number == 1 else
                                                       f"part {self._number}"))  # fmt: skip
        changed, body = self._content(part, place)
        changed |= self._own_lines(part, place)
        lines = part_lines(part, changed, self._notes, place, top=top)
        if top and body and not body.endswith((b"\n", b"\r")):
            body += self._end
        return b"".join((*lines, self._end, body))

    def _own_lines(self, part: Part, place: str) -> dict[str, str]:
        """Give the lines that are written anew: the id, and where the part once lay."""
        changed: dict[str, str] = {}
        said = part.headers.text("content-id").strip().strip("<>")
        if said:
            new = self._ids[said]
            told = new != said and self._notes.add(kinds.CONTENT_ID, place, said)
            changed["content-id"] = f"<{new}>" if told or new == said else f"<{said}>"
        where = part.headers.text("content-location").strip()
        if where and not re.match(r"(?:https?|cid):|[\w.-]+\Z", where, re.IGNORECASE):
            self._notes.add(kinds.LOCATION, place, where)
        return changed

    def _several(self, part: Part, *, top: bool) -> bytes:
        """Write a part that holds others: no word before, between or behind them."""
        place = self._where("structure")
        before, behind = self._outside(part)
        inner = [self._part(one) for one in part.parts]
        name = self._boundary(inner)
        held = part.parameters.get("boundary", "").rstrip()
        if held != name and not self._notes.add(kinds.BOUNDARY, place, held):
            name = held
        told = [f'boundary="{name}"']
        if "type" in part.parameters and re.fullmatch(r"[\w.+/-]+", part.parameters["type"]):
            told.insert(0, f'type="{part.parameters["type"]}"')
        start = part.parameters.get("start", "").strip("<>")
        if start in self._ids:
            told.insert(0, f'start="<{self._ids[start]}>"')
        value = "; ".join((part.kind, *told))
        changed = {"content-type": value, "content-transfer-encoding": "", "content-id": ""}
        if part.headers.first("content-transfer-encoding").strip().lower() in (b"8bit", b"binary"):
            del changed["content-transfer-encoding"]
        lines = part_lines(part, changed, self._notes, place, top=top)
        line = self._end + b"--" + name.encode()
        body = b"".join(line + self._end + one for one in inner) + line + b"--"
        return b"".join((*lines, before, body, behind or self._end))

    def _outside(self, part: Part) -> tuple[bytes, bytes]:
        """Note text that stands before the first part and behind the last: readers hide it."""
        raw = bytes(part.raw)
        boundary = b"--" + part.parameters.get("boundary", "").rstrip().encode("latin-1", "replace")
        at = raw.find(boundary)
        before = raw[: max(at, 0)]
        end = raw.rfind(boundary + b"--")
        behind = raw[end + len(boundary) + 2 :] if end >= 0 else b""
        kept = [b"", b""]
        for at, text in enumerate((before, behind)):
            if text.strip():
                goes = self._notes.add(kinds.PREAMBLE, self._where("structure"), text)
                kept[at] = b"" if goes else text.rstrip(b"\r\n") if at == 0 else text
        return (self._end + kept[0] if kept[0] else b""), kept[1]

    def _boundary(self, inner: list[bytes]) -> str:
        """Name a boundary that tells nothing and stands in no part."""
        while True:
            self._boundaries += 1
            name = f"=_{self._boundaries}"
            line = b"--" + name.encode()
            if not any(line in one for one in inner):
                return name

    def _content(self, part: Part, place: str) -> tuple[dict[str, str], bytes]:
        """Give lines to write anew and the content of a part that holds no others."""
        encoding = encoding_of(part)
        if not encoding:
            raise InvalidInput("document.damaged", reason="encoding")
        if part.kind in _SIGNATURES or part.kind == "application/pgp-encrypted":
            raise RuleViolation("document.signed")
        if encoding == "uuencode":
            self._notes.add(kinds.ENCODING, place, "uuencode")
        data = part.content()
        plain = self._cleaned(part, data, place)
        raw = bytes(part.raw)
        if encoding in ("base64", "uuencode"):
            body = self._base64(plain)
            hidden = encoding == "base64" and plain == data and body.split() != raw.split()
            if hidden and not self._notes.add(kinds.ENCODING, place, "base64"):
                return {}, raw
            return {"content-transfer-encoding": "base64"}, body
        return ({}, raw) if plain == data else self._encoded(plain, encoding)

    def _encoded(self, plain: bytes, encoding: str) -> tuple[dict[str, str], bytes]:
        """Encode changed content; where that would not give it back, in base64."""
        if encoding == "quoted-printable":
            body = binascii.b2a_qp(plain, istext=True)
            if binascii.a2b_qp(body) == plain:
                return {}, body
        elif plain.isascii() and b"\0" not in plain:
            return {}, plain
        elif b"\0" not in plain:
            return {"content-transfer-encoding": "8bit"}, plain
        return {"content-transfer-encoding": "base64"}, self._base64(plain)

    def _base64(self, data: bytes) -> bytes:
        coded = base64.b64encode(data)
        lines = (coded[at : at + _WIDTH] for at in range(0, len(coded), _WIDTH))
        return self._end.join(lines)

    def _cleaned(self, part: Part, data: bytes, place: str) -> bytes:
        for kinds_of_parts, clean in self._by_kind():
            if part.kind in kinds_of_parts:
                return clean(part, data, place)
        shown = part.kind == "text/plain" and not part.is_attachment
        if shown:
            return self._text(part, data, place)
        if part.kind == "application/ms-tnef" or part.name.lower() == "winmail.dat":
            self._notes.add(kinds.TNEF, place, part.name)
            return data
        return clean_inside(data, place, self._notes, kinds.INSIDE, self._nest)

    def _by_kind(self) -> tuple[tuple[frozenset[str], Callable[[Part, bytes, str], bytes]], ...]:
        return (
            (frozenset({"text/html"}), self._page),
            (_MAILS, self._mail),
            (_REPORTS, self._report),
            (frozenset({"text/calendar"}), self._calendar),
        )

    def _text(self, part: Part, data: bytes, place: str) -> bytes:
        text = part.text()
        note_unseen(text, place, self._notes)
        if found := _UU.search(text):
            self._notes.add(kinds.UUENCODED, place, text[found.start() : found.start() + 80])
        spend(self._nest, len(data))
        return data

    def _page(self, part: Part, data: bytes, place: str) -> bytes:
        del part
        spend(self._nest, len(data))
        plain = clean_html(data, place, self._notes, self._nest)
        return _CID.sub(self._renamed, plain)

    def _renamed(self, found: re.Match[bytes]) -> bytes:
        from urllib.parse import unquote

        said = unquote(found[1].decode("latin-1"))
        if said not in self._ids or not self._notes.goes(kinds.CONTENT_ID):
            return found.group()
        return b"cid:" + self._ids[said].encode()

    def _mail(self, part: Part, data: bytes, place: str) -> bytes:
        del part
        spend(self._nest, len(data))
        if self._nest.depth <= 1:
            self._notes.add(kinds.REFUSED, place, "too-deep")
            return data
        root = parse(data)
        if lock_of(root).state or _is_locked(root):
            self._notes.add(kinds.REFUSED, place, f"document.{lock_of(root).state or 'signed'}")
            return data
        return _Mail(root, self._notes, place, self._nest.deeper()).cleaned()

    def _report(self, part: Part, data: bytes, place: str) -> bytes:
        self._notes.add(kinds.REPORT, place, f"{part.kind} {data[:60]!r}")
        return data

    def _calendar(self, part: Part, data: bytes, place: str) -> bytes:
        self._notes.add(kinds.CALENDAR, place, part.text())
        return data


def clean_mail(data: bytes, notes: Notes, nest: Nest) -> bytes:
    """Give the mail without 付加情報.

    Raises `RuleViolation`: `document.signed`, `document.encrypted` - a signature would break, and
    what is encrypted cannot be looked at -; `InvalidInput`: `document.damaged`, `document.bomb`.
    """
    root = parse(data)
    state = lock_of(root).state or _is_locked(root)
    if state:
        raise RuleViolation("document.signed" if state == "signed" else "document.encrypted")
    return _Mail(root, notes, "", nest).cleaned()


def _is_locked(root: Part) -> str:
    """Tell a signed or encrypted part anywhere in the mail."""
    states = (lock_of(part).state for part in _all(root))
    return next((state for state in states if state), "")


def _all(part: Part) -> list[Part]:
    return [part, *(inner for one in part.parts for inner in _all(one))]
