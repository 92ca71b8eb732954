"""口頭・書面で許可済（要確認）: told to the responsible person, who confirms it or says otherwise.

What was noted offline, or before this device was enrolled, is told as soon as somebody can read it:
`tell` goes on where it stopped, and tells nothing twice.
"""

import msgspec

from meti_desk.domain import events, events_permit
from meti_desk.domain.errors import MetiDeskError, RuleViolation
from meti_desk.domain.ledger import Event
from meti_desk.domain.mailbox import Held
from meti_desk.services import enrolment, sealing
from meti_desk.services.context import Context
from meti_desk.services.permit_messages import LEFT, NotedRow
from meti_desk.services.permit_rows import deciding_post, posts
from meti_desk.services.permit_words import (
    NOTED,
    SALT,
    NotedWords,
    OpenedNote,
    digest_of,
    noted_of,
    sealed,
)
from meti_desk.services.saying import say
from meti_desk.sync.mail import UNIT, UnitTold
from meti_desk.sync.permits import NOTED_MAIL, NotedJudged, NotedState, NotedTold
from meti_desk.sync.sealed import readers_of

OWN = "noted-own"
ARTICLES = ("13",)
"""Who decides Art. 13 confirms what was permitted by word."""
_TOLD = "permits.noted-told"
"""The setting that keeps up to which event noted permissions were told."""
WAITING, CONFIRMED, DENIED, UNSENT = "waiting", "confirmed", "denied", "unsent"


class OwnNoted(msgspec.Struct, frozen=True, kw_only=True):
    """What this device knows by itself: its own note, or what it said of somebody else's.

    `sealed_for` are the devices that it was last sealed for, `judged` is the revision that was
    judged and not answered yet, `refusal` the server's code.
    """

    event: str = ""
    words: NotedWords | None = None
    plain: bytes = b""
    """The words as they were sealed first, to the byte."""
    sealed_for: list[str] = []
    judged: int = -1
    refusal: str = ""
    refused_at: str = ""
    left: NotedRow | None = None
    """How one's own note stood when this device left the server that it was told to."""


def tell(ctx: Context, told: UnitTold | None = None) -> int:
    """Tell of all noted permissions that nobody was told of yet; gives how many.

    Nothing where the device is not enrolled, or nobody could read it: then they wait. `told` is who
    reads, where that is known better than by the last sync.
    """
    if not enrolment.state(ctx).url:
        return 0
    try:
        who = told or enrolment.unit(ctx)
    except RuleViolation:
        return 0
    store = ctx.open_store()
    told_of = 0
    with store.transaction():
        newest = next(iter(store.ledger.events(newest_first=True, limit=1)), None)
        since = int(store.settings.get(_TOLD, "0") or "0")
        if newest is None or newest.seq <= since:
            return 0
        for event in [one for one in store.ledger.since(since) if one.kind == events.HANDLE]:
            entry = events.read(event).permit
            if entry.kind != events.PERMIT_NOTED:
                continue
            try:
                _say(ctx, who, event, entry.note)
            except MetiDeskError:
                return told_of  # nobody can read it: from here again the next time
            store.settings.put(_TOLD, str(event.seq))
            told_of += 1
        store.settings.put(_TOLD, str(newest.seq))
    return told_of


def _say(ctx: Context, told: UnitTold, event: Event, note: str) -> None:
    read = events.read(event)
    who, when, how = (*(part.strip() for part in note.split(",", 2)), "", "", "")[:3]
    action = read.acts[0] if read.acts else ""
    words = NotedWords(who=who, when=when, how=how, action=action, title=read.title)
    _tell_one(ctx, told, ctx.ids.document_id(), OwnNoted(event=event.id, words=words))


def _tell_one(ctx: Context, told: UnitTold, noted: str, own: OwnNoted) -> None:
    words = own.words
    if words is None:
        return
    plain = own.plain
    if not plain:
        words = msgspec.structs.replace(words, salt=ctx.ids.token(SALT))
        plain = msgspec.msgpack.encode(words)
    closed = sealed(ctx, told, noted, plain, ARTICLES, NOTED)
    note = f"{words.who}, {words.when}, {words.how}"
    body = events_permit.noted_told_body(noted, event=own.event, title=words.title, note=note)
    digest = digest_of(noted, plain, NOTED)
    wire = NotedTold(id=noted, event=own.event, words=closed, digest=digest)
    devices = sorted(one.device for one in sealing.deciding(ctx, told, ARTICLES))
    with ctx.open_store().transaction():
        say(ctx, events_permit.PERMIT_NOTED_TOLD, body, msgspec.msgpack.encode(wire))
        kept = msgspec.structs.replace(own, words=words, plain=plain, sealed_for=devices)
        _keep(ctx, noted, kept)


def prepare(ctx: Context) -> bool:
    """Say before a sync what is to be said of noted permissions; tells whether anything was."""
    return tell(ctx) + _renew(ctx) > 0


def _renew(ctx: Context) -> int:
    """Seal the words anew of what still waits, where people cannot read it yet who may confirm."""
    known = enrolment.state(ctx)
    mailbox = ctx.open_store().mailbox
    if not known.url or mailbox.get(UNIT, known.person) is None:
        return 0
    told, again = enrolment.unit(ctx), 0
    devices = {one.device for one in sealing.deciding(ctx, told, ARTICLES)}
    for held in mailbox.of(NOTED_MAIL):
        state, own = _state(held), _own(ctx, held.id)
        if state is None or own.words is None or state.state != WAITING:
            continue
        unread = not devices <= readers_of(state.words) and own.sealed_for != sorted(devices)
        if devices and (unread or not own.plain):  # one of an earlier version is bound to its words
            _tell_one(ctx, told, held.id, own)
            again += 1
    return again


def judge(ctx: Context, noted_id: str, *, right: bool, note: str) -> None:
    """Confirm a noted permission, or say that it was not so (要確認).

    Raises `RuleViolation`: `noted.unknown`, `noted.judged`, `permit.own-request`,
    `permit.wrong-decider`, `permit.reason-missing` (what was not so says why), `permit.pending`,
    `permit.words-unverified` (words that may be exchanged are not confirmed).
    """
    known = enrolment.enrolled(ctx)
    held = ctx.open_store().mailbox.get(NOTED_MAIL, noted_id)
    state = _state(held)
    if state is None:
        raise RuleViolation("noted.unknown", articles=("13",), id=noted_id)
    if state.person == known.person:
        raise RuleViolation("permit.own-request", articles=("13",))
    held_posts = posts(ctx)
    if not deciding_post(ctx, ("13",), held_posts):
        post = ", ".join(held_posts)
        raise RuleViolation("permit.wrong-decider", articles=("13",), post=post)
    if state.state != WAITING:
        raise RuleViolation("noted.judged", articles=("13",), id=noted_id)
    if not right and not note.strip():
        raise RuleViolation("permit.reason-missing", articles=("13",))
    own = _own(ctx, noted_id)
    if own.judged >= state.revision and not own.refusal:
        raise RuleViolation("permit.pending", articles=("13",), id=noted_id)
    found = noted_of(ctx, noted_id, state.words)
    if right and not _sound(state, found):
        raise RuleViolation("permit.words-unverified", articles=("13",), id=noted_id)
    title = found.words.title if found and found.words else ""
    body = events_permit.confirmed_body(noted_id, title=title, right=right, note=note)
    wire = NotedJudged(id=noted_id, revision=state.revision, right=right, note=note)
    with ctx.open_store().transaction():
        say(ctx, events_permit.PERMIT_CONFIRMED, body, msgspec.msgpack.encode(wire))
        kept = msgspec.structs.replace(own, judged=state.revision, refusal="")
        _keep(ctx, noted_id, kept)


def refused(ctx: Context, noted_id: str, code: str, at: str) -> None:
    """Keep that the server did not do it, and when this came."""
    _keep(ctx, noted_id, msgspec.structs.replace(_own(ctx, noted_id), refusal=code, refused_at=at))


def rows(ctx: Context) -> tuple[NotedRow, ...]:
    """List noted permissions: one's own, and those of others that one may confirm."""
    mailbox = ctx.open_store().mailbox
    known = enrolment.state(ctx)
    told = {one.id: one for one in mailbox.of(NOTED_MAIL)}
    owned = {one.id: one for one in mailbox.of(OWN)}
    made = []
    for name in {**told, **owned}:
        own = _own(ctx, name)
        state = _state(told.get(name))
        if state is None and own.left is not None:
            made.append(own.left)
            continue
        if state is None and own.words is None:
            continue
        found = noted_of(ctx, name, state.words) if state and own.words is None else None
        words = own.words or (found.words if found else None)
        one = _row(name, state, own, words, known.person, owned.get(name))
        sound = state is None or _sound(state, found)
        made.append(msgspec.structs.replace(one, words_sound=sound))
    return tuple(sorted(made, key=lambda one: one.at, reverse=True))


def archive(ctx: Context) -> None:
    """Keep how one's own notes stand before this device leaves its server: nobody answers more.

    The same server takes them up again where it tells of them; to another one they are not told.
    """
    for row in rows(ctx):
        own = _own(ctx, row.id)
        if row.mine and own.words is not None and not row.left:
            state = row.state if row.state in (CONFIRMED, DENIED) else LEFT
            left = msgspec.structs.replace(row, state=state, left=True, pending=False)
            _keep(ctx, row.id, msgspec.structs.replace(own, left=left))


def _sound(state: NotedState, found: OpenedNote | None) -> bool:
    """Tell whether words are those that were told first; of an earlier version only once judged."""
    if found is None:
        return True
    return found.digest == state.digest if state.digest else state.state != WAITING


def _row(
    name: str, state: NotedState | None, own: OwnNoted, words: NotedWords | None, person: str,
    held: Held | None,
) -> NotedRow:  # fmt: skip
    said = words or NotedWords(who="", when="", how="", action="", title="")
    mine = state is None or state.person == person
    waits = state is not None and own.judged >= state.revision and not own.refusal
    return NotedRow(
        id=name,
        state=state.state if state else UNSENT,
        person=state.name or state.person if state else "",
        at=state.at if state else (held.at if held else ""),
        who=said.who,
        when=said.when,
        how=said.how,
        action=said.action,
        title=said.title,
        judged_by=state.judge or state.judged_by if state else "",
        note=state.note if state else "",
        mine=mine,
        event=state.event if state else own.event,
        pending=waits,
        refusal=own.refusal,
        refused_at=own.refused_at if own.refusal else "",
    )


def _state(held: Held | None) -> NotedState | None:
    if held is None:
        return None
    try:
        return msgspec.msgpack.decode(held.body, type=NotedState)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _own(ctx: Context, noted_id: str) -> OwnNoted:
    held = ctx.open_store().mailbox.get(OWN, noted_id)
    return msgspec.msgpack.decode(held.body, type=OwnNoted) if held else OwnNoted()


def _keep(ctx: Context, noted_id: str, kept: OwnNoted) -> None:
    mailbox = ctx.open_store().mailbox
    before = mailbox.get(OWN, noted_id)
    at = before.at if before else ctx.clock.now().isoformat(timespec="seconds")
    mailbox.put(Held(OWN, noted_id, 0, "", msgspec.msgpack.encode(kept), at))
