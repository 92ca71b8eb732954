"""The words of requests and reports, sealed for the devices of who decides (Arts. 13, 77-2).

The server carries them and cannot read them. The device that wrote them reads them, too, so that
its own seal is of use after the records here were lost and restored.
"""

import msgspec

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.services import enrolment
from meti_desk.services.context import Context
from meti_desk.services.permit_messages import PermitUse
from meti_desk.sync.mail import UnitTold
from meti_desk.sync.permits import PermitWords, words_about
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


class ReportWords(msgspec.Struct, frozen=True, kw_only=True):
    """The report of the end, and what was done under the permit (Art. 77-2)."""

    text: str
    uses: tuple[PermitUse, ...] = ()


def sealed(
    ctx: Context, told: UnitTold, identity: str, plain: bytes, what: str = "words", *,
    to_others: bool = True,
) -> bytes:  # fmt: skip
    """Seal for everybody who holds a post for the 課室, and for all devices of who writes.

    Raises `RuleViolation("sealed.no-readers")` where nobody else has a device that could read it:
    nobody would ever decide it. Without `to_others` it is enough that the writer holds a post.
    """
    readers = {one.device: one.opening for one in (*told.own, *told.readers)}
    if to_others and all(one.person == told.person for one in told.readers):
        raise RuleViolation("sealed.no-readers", articles=("13",))
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


def words_of(
    ctx: Context, identity: str, held: bytes, before: tuple[str, ...] = ()
) -> PermitWords | None:
    """Read the words of a request, where this device may."""
    plain = opened(ctx, identity, held, before=before)
    try:
        return msgspec.msgpack.decode(plain, type=PermitWords) if plain is not None else None
    except _UNREADABLE:
        return None


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


def noted_of(ctx: Context, identity: str, held: bytes) -> NotedWords | None:
    """Read who permitted what by word, where this device may."""
    plain = opened(ctx, identity, held, NOTED)
    try:
        return msgspec.msgpack.decode(plain, type=NotedWords) if plain is not None else None
    except _UNREADABLE:
        return None
