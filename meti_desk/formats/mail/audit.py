"""An independent look at a scrubbed mail: nothing left that tells, the rest as it was.

Shares no code with the removal: mails are read by the standard library, part by part, before and
after.
"""

import binascii
import email
import email.policy
import email.utils
import io
import re
from collections.abc import Iterator
from email.message import Message
from typing import TypeAlias
from urllib.parse import unquote

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import ScrubOrder

_SHOWN = ("from", "to", "cc", "subject", "date")
_MIME = frozenset({"mime-version", "content-type", "content-transfer-encoding",
                   "content-disposition", "content-id", "content-location"})  # fmt: skip
_OWN_KEPT = frozenset({"x-meti-label", "x-meti-handling", "x-meti-subject-mark"})
_PARAMETERS = frozenset({"charset", "format", "delsp", "type", "start", "method", "name",
                         "filename", "boundary"})  # fmt: skip
_ROUTE = ("received", "return-path", "delivered-to", "dkim-", "authentication-", "arc-", "x-orig")
_GROUPS = {"mail.preamble": "7", "mail.path": "6", "mail.encoding": "13",
           "mail.member-unsupported": "3", "mail.member-refused": "3", "mail.tnef": "3",
           "mail.part-location": "6"}  # fmt: skip
_LINES = ("mail.header", "mail.route", "mail.message-id", "mail.program", "mail.recipient")
_Mail: TypeAlias = "Message[str, str]"


def audit(before: bytes, after: bytes, order: ScrubOrder) -> None:
    """Raise `InvalidInput`: `scrub.left-behind` (`kind`), `scrub.text-changed` (`what`)."""
    auditor = _Auditor(order)
    was, now = (email.message_from_bytes(data, policy=email.policy.compat32)
                for data in (_unwrapped(before), _unwrapped(after)))  # fmt: skip
    if after.startswith(b"From "):
        auditor.left("mail.envelope")
    auditor.mail(was, now)


def _unwrapped(data: bytes) -> bytes:
    return data.removeprefix(b"\xef\xbb\xbf")


class _Auditor:
    def __init__(self, order: ScrubOrder) -> None:
        self._order = order

    def keeps(self, kind: str) -> bool:
        """Tell whether a person keeps this kind."""
        return kind in self._order.keep or _GROUPS.get(kind, "15") in self._order.keep

    def left(self, kind: str) -> None:
        """Raise for something that is left, unless a person keeps it."""
        if not self.keeps(kind):
            raise InvalidInput("scrub.left-behind", kind=kind)

    def mail(self, was: _Mail, now: _Mail) -> None:
        """Compare two mails, and look for what the second still tells."""
        self._shown(was, now)
        for name in {one.lower() for one in now.keys()}:  # noqa: SIM118 - no mapping, has doubles
            self._line(name, now)
        old, new = list(_leaves(was)), list(_leaves(now))
        if [one.get_content_type() for one in old] != [one.get_content_type() for one in new]:
            raise InvalidInput("scrub.text-changed", what="parts")
        self._structure(now, top=True)
        ids = {_id(one): _id(other) for one, other in zip(old, new, strict=True) if _id(one)}
        for one, other in zip(old, new, strict=True):
            self._leaf(one, other, ids)

    def _line(self, name: str, now: _Mail) -> None:
        if name in _MIME or (name in _SHOWN and len(now.get_all(name, [])) == 1):
            return
        if name.startswith("x-meti-"):
            if name not in _OWN_KEPT or self._order.purpose == "publish":
                self.left("mail.own-property")
        elif not any(self.keeps(kind) for kind in _LINES):
            self.left("mail.route" if name.startswith(_ROUTE) else "mail.header")

    def _shown(self, was: _Mail, now: _Mail) -> None:
        for name in _SHOWN:
            old, new = was.get(name, ""), now.get(name, "")
            if name == "date":
                same = email.utils.parsedate_tz(str(old)) == email.utils.parsedate_tz(str(new))
                if "(" in str(new):
                    self.left("mail.address-comment")
            elif name == "subject" and self._order.purpose == "publish":
                same = _words(_decoded(old)).endswith(_words(_decoded(new)))
            else:
                same = _words(_plain(old)) == _words(_plain(new))
                if _plain(new) != str(new) and "\x1b" not in str(new):
                    self.left("mail.address-comment")
            if not same:
                raise InvalidInput("scrub.text-changed", what=name)

    def _structure(self, part: _Mail, *, top: bool = False) -> None:
        """Look at the lines of every part, and at what stands around them."""
        if not top and any(name.lower() not in _MIME for name in part.keys()):  # noqa: SIM118 - no mapping
            self.left("mail.part-header")
        for header in ("content-type", "content-disposition"):
            self._parameters(part.get_params([], header)[1:])
        if _id(part) and not re.fullmatch(r"part-\d+", _id(part)):
            self.left("mail.content-id")
        for text in (part.preamble, part.epilogue):
            if (text or "").strip():
                self.left("mail.preamble")
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            for one in part.get_payload():
                if isinstance(one, Message):
                    self._structure(one)

    def _parameters(self, held: list[tuple[str, str]]) -> None:
        for key, value in held:
            if key and key.lower() not in _PARAMETERS:
                self.left("mail.part-header")
            if key.lower() in ("name", "filename") and re.search(r"[/\\]", _spoken(value)):
                self.left("mail.path")
            if key.lower() == "boundary" and not re.fullmatch(r"=_\d+", value):
                self.left("mail.boundary")

    def _leaf(self, was: _Mail, now: _Mail, ids: dict[str, str]) -> None:
        if was.get_content_type() == "message/rfc822":
            old, new = _forwarded(was), _forwarded(now)
            self.mail(old, new)
            return
        before, after = _content(was), _content(now)
        if str(now.get("content-transfer-encoding", "")).strip().lower() == "base64":
            raw = str(now.get_payload()).split()
            if re.search(r"[^A-Za-z0-9+/=]|=[^=]", "".join(raw)):
                self.left("mail.encoding")
        shown = now.get_content_disposition() != "attachment"
        if was.get_content_type() == "text/html":
            from meti_desk.formats.text.audit_html import audit_html

            audit_html(_renamed(before, ids), after, self._order)
        elif was.get_content_type() == "text/plain" and shown:
            if before.split() != after.split():
                raise InvalidInput("scrub.text-changed", what="body")
        elif before or after:
            self._attached(before, after)

    def _attached(self, before: bytes, after: bytes) -> None:
        from meti_desk.formats.registry import find

        kept = any(
            self.keeps(kind) for kind in ("mail.member-unsupported", "mail.member-refused",
                                          "mail.tnef", "mail.report", "mail.calendar")
        )  # fmt: skip
        was = find(io.BytesIO(before))
        if was.variant != find(io.BytesIO(after)).variant:
            raise InvalidInput("scrub.text-changed", what="format")
        try:
            was.family.verify_scrub(io.BytesIO(before), io.BytesIO(after), self._order)
        except (RuleViolation, InvalidInput):
            if not kept or before != after:
                raise


def _leaves(part: _Mail) -> Iterator[_Mail]:
    if part.is_multipart() and part.get_content_type() != "message/rfc822":
        for one in part.get_payload():
            if isinstance(one, Message):
                yield from _leaves(one)
    else:
        yield part


def _forwarded(part: _Mail) -> _Mail:
    """Give the mail in a part, which some programs encode against the rules."""
    held = part.get_payload(0)
    if not isinstance(held, Message):
        raise InvalidInput("scrub.text-changed", what="parts")
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding not in ("base64", "quoted-printable"):
        return held
    raw = str(held.get_payload()).encode("latin-1", "replace")
    data = binascii.a2b_base64(raw) if encoding == "base64" else binascii.a2b_qp(raw)
    return email.message_from_bytes(data, policy=email.policy.compat32)


def _content(part: _Mail) -> bytes:
    """Decode a part; of base64 every run, also one that stands behind the end of another."""
    if str(part.get("content-transfer-encoding", "")).strip().lower() == "base64":
        runs = re.split("=+", re.sub(r"[^A-Za-z0-9+/=]", "", str(part.get_payload())))
        whole = (one[: len(one) - (len(one) % 4 == 1)] for one in runs)
        return b"".join(binascii.a2b_base64(one + "=" * (-len(one) % 4)) for one in whole)
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _id(part: _Mail) -> str:
    return str(part.get("content-id", "")).strip().strip("<>")


def _renamed(page: bytes, ids: dict[str, str]) -> bytes:
    def new(found: re.Match[bytes]) -> bytes:
        said = unquote(found[1].decode("latin-1"))
        return b"cid:" + ids.get(said, said).encode("latin-1", "replace")

    return re.sub(rb"cid:([^\"'\s>)]+)", new, page, flags=re.IGNORECASE)


def _decoded(value: object) -> str:
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(str(value))))
    except (LookupError, UnicodeError, HeaderParseError):
        return str(value)


def _plain(value: object) -> str:
    """Take comments behind addresses out."""
    text, before = str(value), ""
    while text != before:
        before = text
        text = re.sub(r"(>[^,;\"]*?)\((?:[^()])*\)", r"\1", text)
    return text


def _spoken(value: object) -> str:
    """Give a parameter as text, which may come in three pieces (RFC 2231)."""
    if isinstance(value, tuple):
        return email.utils.collapse_rfc2231_value(value)
    return _decoded(value)


def _words(text: str) -> str:
    return "".join(text.split())
