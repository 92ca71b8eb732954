"""Permits on the wire: what staff ask, what those responsible decide, what the server then tells.

The scope is in clear, for the server checks it and signs it. Titles, reasons and reports are sealed
for those who decide; the server never reads them. What is said names the revision that its sayer
saw: a decision about an older state of a request is refused (`permit.changed`).

Words can be sealed anew for other readers while nothing is decided. That they stay the same words
is bound by a digest, which the server signs with everything else: who opens them compares.
"""

import hashlib

import msgspec

ASKED = "permit-asked"
"""申請: `PermitAsked`."""
DECIDED = "permit-decided"
"""許可・条件付許可・却下: `PermitDecided`, one event for each request of a batch."""
WITHDRAWN = "permit-withdrawn"
"""取下げ by who asked: `PermitNamed`."""
REVOKED = "permit-revoked"
"""取消し by who may decide: `PermitNamed`."""
REPORTED = "permit-reported"
"""終了報告 (Arts. 77-3, 77-7): `PermitReported`."""
NOTED = "permit-noted"
"""口頭・書面で許可済（要確認）: `NotedTold`."""
CONFIRMED = "permit-confirmed"
"""Its confirmation, or that it was not so: `NotedJudged`."""
STANDING = "standing-decided"
"""A decision in advance about a `consider` measure, or its end: `StandingSaid`."""

KINDS = frozenset({ASKED, DECIDED, WITHDRAWN, REVOKED, REPORTED, NOTED, CONFIRMED, STANDING})
"""All that is said of permits."""
LAPSED = "permit.note-lapsed"
"""A code of the wording in the place of a note: the period ran out before anybody decided."""
PERMIT = "permit"
"""The kind of mail that brings a `PermitTold`; its id is the permit's."""
NOTED_MAIL = "noted"
"""The kind of mail that brings a `NotedState`."""
STANDING_MAIL = "standing"
"""The kind of mail that brings a `StandingTold` to everybody of the 課室."""


class WireScope(msgspec.Struct, frozen=True, kw_only=True):
    """`domain.permit.PermitScope` as it is sent: lists sorted, days in ISO 8601."""

    articles: tuple[str, ...]
    digests: tuple[str, ...] = ()
    blanket: str = ""
    actions: tuple[str, ...]
    recipients: tuple[str, ...] = ()
    since: str
    until: str
    restrictions: tuple[str, ...] = ()
    includes_copies: bool = False


class PermitAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A request. `documents` are their ids; `words` is a `PermitWords`, sealed for the deciders.

    `digest` is `words_digest` of what is sealed. Sent again under the same id by who asked, while
    it is undecided, it only renews the seal: new deciders can read it then, and the statement with
    its revision stays as it was. The digest has to be the same; a request that came without one
    (from a client of before) gets it that way, and a new revision with it.
    """

    id: str
    scope: WireScope
    documents: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    """Of each document the label as a code, `C3I2A1`."""
    words: bytes
    digest: bytes = b""


class PermitWords(msgspec.Struct, frozen=True, kw_only=True):
    """What only people read: titles by document, the reason, measures that the asker promises.

    `salt` (32 random bytes) keeps the digest from telling short words to who tries them out.
    """

    titles: tuple[str, ...]
    reason: str
    measures: tuple[str, ...] = ()
    salt: bytes = b""


class PermitNamed(msgspec.Struct, frozen=True, kw_only=True):
    """A permit and the revision of it that the person saw; `note` says why."""

    id: str
    revision: int
    note: str = ""


class PermitDecided(msgspec.Struct, frozen=True, kw_only=True):
    """A decision. `designated` are the measures that the decider designates (Art. 13).

    `until` may shorten the period that was asked for; empty: as asked.
    """

    id: str
    revision: int
    granted: bool
    designated: tuple[str, ...] = ()
    note: str = ""
    report_waived: bool = False
    until: str = ""


class PermitReported(msgspec.Struct, frozen=True, kw_only=True):
    """The report of the end; `words` - the text, and what was done under it - are sealed."""

    id: str
    revision: int
    words: bytes


class PermitStatement(msgspec.Struct, frozen=True, kw_only=True):
    """What the server signs of a permit: all that `domain.permit.Permit` needs, and who they are.

    Persons are ids of the directory, names stand beside them; times are the server's (ISO 8601).
    `revision` counts the states of this permit from 1.
    """

    id: str
    revision: int
    scope: WireScope
    state: str
    unit: str
    requested_by: str
    requester: str
    requested_at: str
    decided_by: str = ""
    decider: str = ""
    post: str = ""
    decided_at: str = ""
    designated: tuple[str, ...] = ()
    note: str = ""
    report_waived: bool = False
    reported_at: str = ""
    reported_by: str = ""
    reporter: str = ""
    ended_by: str = ""
    """Who took it back; empty with `ended_at`: the office, and `ended_note` is a code then."""
    ender: str = ""
    ended_at: str = ""
    ended_note: str = ""
    words_digest: bytes = b""
    """`PermitAsked.digest`: what the words have to fit; empty: asked by a client of before."""


class PermitTold(msgspec.Struct, frozen=True, kw_only=True):
    """A permit as it comes: the signed statement, and what is sealed for the deciders."""

    statement: bytes
    signature: bytes
    documents: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    words: bytes = b""
    report: bytes = b""


class NotedTold(msgspec.Struct, frozen=True, kw_only=True):
    """A permission that was given by word or on paper: `event` is the ledger's; `words` sealed.

    `digest` binds the words as in `PermitAsked`.
    """

    id: str
    event: str
    words: bytes
    digest: bytes = b""


class NotedJudged(msgspec.Struct, frozen=True, kw_only=True):
    """What the responsible person says of it: so it was, or not; `note` says more."""

    id: str
    revision: int
    right: bool
    note: str = ""


class NotedState(msgspec.Struct, frozen=True, kw_only=True):
    """Where such a note stands: `waiting`, `confirmed`, `denied`."""

    id: str
    revision: int
    state: str
    person: str
    name: str
    event: str
    at: str
    judged_by: str = ""
    note: str = ""
    words: bytes = b""
    unit: str = ""
    judge: str = ""
    """The name beside the id in `judged_by`."""
    post: str = ""
    judged_at: str = ""
    digest: bytes = b""


class StandingSaid(msgspec.Struct, frozen=True, kw_only=True):
    """A decision in advance: for whom and what a `consider` measure is decided, and how.

    `levels` are confidentiality levels (1-3), `recipients` mail addresses, `@` domains, or empty
    for all; `answer` `yes` or `no`; `ended` takes it back.
    """

    id: str
    measure: str
    answer: str
    levels: tuple[int, ...] = ()
    recipients: tuple[str, ...] = ()
    since: str
    until: str
    reason: str
    ended: bool = False


class StandingTold(msgspec.Struct, frozen=True, kw_only=True):
    """A standing decision as the server signed it: `statement` is a `StandingStatement`."""

    statement: bytes
    signature: bytes


class StandingStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A standing decision, and who made it for which 課室."""

    said: StandingSaid
    revision: int
    unit: str
    decided_by: str
    decider: str
    post: str
    decided_at: str
    ended_by: str = ""
    ended_at: str = ""


def statement_message(statement: bytes) -> bytes:
    """Give what the server signs of a `PermitStatement`."""
    return b"meti-desk permit 1" + statement


def standing_message(statement: bytes) -> bytes:
    """Give what the server signs of a `StandingStatement`."""
    return b"meti-desk standing 1" + statement


def words_digest(about: str, plain: bytes) -> bytes:
    """Give the digest (SHA-256) by which sealed words are bound to a permit.

    `about` is that of the seal (`words_about`), `plain` the MessagePack inside, with its salt.
    """
    named = about.encode()
    return hashlib.sha256(
        b"meti-desk permit words 1" + len(named).to_bytes(8, "big") + named + plain
    ).digest()


def words_about(permit_id: str, what: str = "words") -> str:
    """Name what a seal is about (`sync.sealed`): `what` is `words`, `report` or `noted`."""
    return f"permit:{permit_id}:{what}"
