"""The words of requests and reports, sealed for the devices of who decides (Arts. 13, 77-2).

The server carries them and cannot read them. The device that wrote them reads them, too, so that
its own seal is of use after the records here were lost and restored. Of requests and notes the
server signs or tells a digest: what was read once cannot be exchanged for other words.
"""

from collections.abc import Collection
from typing import NamedTuple

import msgspec

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.services import enrolment, sealing
from meti_desk.services.context import Context
from meti_desk.services.permit_messages import PermitUse
from meti_desk.sync.mail import UnitTold
from meti_desk.sync.permits import PermitWords, words_about, words_digest
from meti_desk.sync.sealed import seal, unseal

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What others sealed may be anything: nobody's request keeps the others from being shown."""
REPORT, NOTED = "report", "noted"
"""What beside `words` is sealed: the report of the end, a permission noted by who acts."""


class NotedWords(msgspec.Struct, frozen=True, kw_only=True):
    """What only people read of a noted permission: who gave it, when, how, and for what."""

    who: str
    when: str
    how: str
    action: str
    title: str
    salt: bytes = b""
    """Random, so that nobody finds the words out by trying (`sync.permits.words_digest`)."""


class OpenedWords(NamedTuple):
    """The words of a request and their digest; `words` is missing where they are no such words."""

    words: PermitWords | None
    digest: bytes


class OpenedNote(NamedTuple):
    """The words of a noted permission and their digest."""

    words: NotedWords | None
    digest: bytes


class ReportWords(msgspec.Struct, frozen=True, kw_only=True):
    """The report of the end, and what was done under the permit (Art. 77-2)."""

    text: str
    uses: tuple[PermitUse, ...] = ()


def sealed(
    ctx: Context, told: UnitTold, identity: str, plain: bytes, articles: Collection[str],
    what: str = "words", *, to_others: bool = True,
) -> bytes:  # fmt: skip
    """Seal for everybody who may decide these articles, and for all devices of who writes.

    Raises `RuleViolation("sealed.no-readers")` where nobody else has a device that could read it:
    nobody would ever decide it. Without `to_others` it is enough that the writer may decide.
    """
    deciders = sealing.deciding(ctx, told, articles)
    readers = {one.device: one.opening for one in (*told.own, *deciders)}
    if to_others and all(one.person == told.person for one in deciders):
        raise RuleViolation("sealed.no-readers", articles=tuple(articles))
    known = enrolment.enrolled(ctx)
    readers[known.device] = ctx.open_store().sealer.opening_point()
    return seal(plain, words_about(identity, what), readers)


def opened(
    ctx: Context, identity: str, held: bytes, what: str = "words", before: tuple[str, ...] = ()
) -> bytes | None:
    """Read what was sealed for this device; `None` where it was not, or is damaged.

    `before` are the names under which it was enrolled earlier: its key is the same.
    """
    if not held:
        return None
    agree = ctx.open_store().sealer.agree
    for device in (enrolment.state(ctx).device, *before):
        try:
            return unseal(held, words_about(identity, what), device, agree)
        except InvalidInput:
            continue
    return None


SALT = 32
"""Bytes of a salt."""


def digest_of(identity: str, plain: bytes, what: str = "words") -> bytes:
    """Give the digest of what is sealed for a permit or a note."""
    return words_digest(words_about(identity, what), plain)


def words_of(
    ctx: Context, identity: str, held: bytes, before: tuple[str, ...] = ()
) -> OpenedWords | None:
    """Read the words of a request; `None` where this device may not."""
    plain = opened(ctx, identity, held, before=before)
    if plain is None:
        return None
    digest = digest_of(identity, plain)
    try:
        return OpenedWords(msgspec.msgpack.decode(plain, type=PermitWords), digest)
    except _UNREADABLE:
        return OpenedWords(None, digest)


def report_of(
    ctx: Context, identity: str, held: bytes, before: tuple[str, ...] = ()
) -> ReportWords:
    """Read the report of the end, where this device may; a plain text is one, too."""
    plain = opened(ctx, identity, held, REPORT, before)
    if plain is None:
        return ReportWords(text="")
    try:
        return msgspec.msgpack.decode(plain, type=ReportWords)
    except _UNREADABLE:
        return ReportWords(text=plain.decode(errors="replace"))


def noted_of(
    ctx: Context, identity: str, held: bytes, before: tuple[str, ...] = ()
) -> OpenedNote | None:
    """Read who permitted what by word; `None` where this device may not."""
    plain = opened(ctx, identity, held, NOTED, before)
    if plain is None:
        return None
    digest = digest_of(identity, plain, NOTED)
    try:
        return OpenedNote(msgspec.msgpack.decode(plain, type=NotedWords), digest)
    except _UNREADABLE:
        return OpenedNote(None, digest)
