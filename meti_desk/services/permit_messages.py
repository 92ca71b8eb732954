"""What the window and the commands ask of permits, and what they are told (申請・許可)."""

import msgspec

LEFT = "left"
"""The state of a request that was not decided when this device left its server."""
LAPSED = "lapsed"
"""The state of a request whose period is over and that nobody decided (期限切れ（決定なし）)."""


class AskRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request for a permit (申請).

    `paths` are the documents, or `blanket` names a kind of document (包括許可). `articles` empty:
    those that `action` needs for these documents and recipients now. Days in ISO 8601; `until`
    empty: as many days as the policy says.
    """

    action: str
    paths: tuple[str, ...] = ()
    blanket: str = ""
    articles: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    area: int | None = None
    since: str = ""
    until: str = ""
    restrictions: tuple[str, ...] = ()
    includes_copies: bool = False
    reason: str = ""
    measures: tuple[str, ...] = ()


class PermitDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document of a request: id, title (empty where this device cannot read it), label code."""

    id: str
    title: str = ""
    label: str = ""


class PermitUse(msgspec.Struct, frozen=True, kw_only=True):
    """One use of a permit: when (ISO 8601), the act, the title of the document."""

    at: str
    action: str
    title: str


class PermitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A permit as it is shown; `state` is one of `domain.permit.PermitState`, `LAPSED` or `LEFT`.

    `revision` 0: not sent yet. `report_due`: its end asks for the report (77-3). `decidable`: this
    person may decide it now. `verified`: the server's signature over it holds.
    """

    id: str
    state: str
    revision: int
    articles: tuple[str, ...]
    actions: tuple[str, ...]
    documents: tuple[PermitDocument, ...] = ()
    blanket: str = ""
    recipients: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    restrictions: tuple[str, ...] = ()
    includes_copies: bool = False
    reason: str = ""
    measures: tuple[str, ...] = ()
    unit: str = ""
    requester: str = ""
    requested_at: str = ""
    decider: str = ""
    post: str = ""
    decided_at: str = ""
    designated: tuple[str, ...] = ()
    note: str = ""
    report: str = ""
    uses: tuple[PermitUse, ...] = ()
    """What was done under it, as told with the report."""
    report_waived: bool = False
    report_due: bool = False
    reported_at: str = ""
    reporter: str = ""
    """Who reported: who asked, or one of those responsible who found out (状況の確認)."""
    ended_at: str = ""
    ender: str = ""
    """Who took it back (取下げ・取消し); empty with `ended_at`: the office."""
    ended_note: str = ""
    """Why; from the office a code of the wording (`permit.note-left`, …)."""
    mine: bool = False
    decidable: bool = False
    verified: bool = True
    words_sound: bool = True
    """Titles, reason and measures are those that it was asked with; else it is not decidable."""
    refusal: str = ""
    """Code of the server's refusal of the last thing said about it. A request that was not taken
    at all has the state `refused` and no decider."""
    refused_at: str = ""
    """When that came here."""
    pending: str = ""
    """What this device said of it and the server has not answered yet: the kind of the event
    (`permit-asked`, `permit-decided`, `permit-withdrawn`, `permit-revoked`, `permit-reported`)."""
    left: bool = False
    """It is of before this device left its server (登録を外す前のもの): only shown and recorded."""
    unreported: bool = False
    """Of such a one: it is over, and its end was never reported (77-3). Nobody hears of it here any
    more; the record says that it is missing."""


class DecideRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A decision about one or many requests alike (一括)."""

    ids: tuple[str, ...]
    granted: bool
    designated: tuple[str, ...] = ()
    note: str = ""
    report_waived: bool = False
    until: str = ""


class NotedRow(msgspec.Struct, frozen=True, kw_only=True):
    """口頭・書面で許可済（要確認）: `waiting`, `confirmed`, `denied`, `unsent` or `LEFT`."""

    id: str
    state: str
    person: str = ""
    at: str = ""
    who: str = ""
    when: str = ""
    how: str = ""
    action: str = ""
    title: str = ""
    judged_by: str = ""
    note: str = ""
    mine: bool = False
    event: str = ""
    """The entry of 取扱記録, on the device of who acted."""
    words_sound: bool = True
    """The words are those that it was told with; else it cannot be confirmed."""
    pending: bool = False
    """Judged here, and not answered yet by the server."""
    refusal: str = ""
    refused_at: str = ""
    left: bool = False
    """It is of before this device left its server: only shown."""


class StandingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A standing decision about a `consider` measure."""

    id: str
    measure: str
    answer: str
    levels: tuple[int, ...] = ()
    recipients: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    reason: str = ""
    decider: str = ""
    post: str = ""
    in_force: bool = True
    pending: bool = False
    """Said here, and not answered yet by the server."""
    refusal: str = ""
    refused_at: str = ""
    left: bool = False
    """It is of before this device left its server: only shown; without decider never answered."""


class PermitsView(msgspec.Struct, frozen=True, kw_only=True):
    """All of them at once: `decides` tells that this person holds a post that decides."""

    enrolled: bool
    decides: bool = False
    posts: tuple[str, ...] = ()
    mine: tuple[PermitRow, ...] = ()
    to_decide: tuple[PermitRow, ...] = ()
    decided: tuple[PermitRow, ...] = ()
    noted: tuple[NotedRow, ...] = ()
    standing: tuple[StandingRow, ...] = ()


class HomePermits(msgspec.Struct, frozen=True, kw_only=True):
    """What ホーム reminds of: ids of permits, each list the newest first.

    `answered` are one's own requests that were decided in the last seven days, or ran out in them
    without a decision, `to_decide` those
    of others that wait for this person, `reports_due` one's own permits whose end was not reported
    (77-3), `unreported` those of others whose state has to be looked into (状況の確認).
    """

    answered: tuple[str, ...] = ()
    to_decide: tuple[str, ...] = ()
    to_confirm: tuple[str, ...] = ()
    """Noted permissions of others that this person confirms."""
    reports_due: tuple[str, ...] = ()
    unreported: tuple[str, ...] = ()
    ending: tuple[tuple[str, str, int], ...] = ()
    """One's own permits that end within seven days: id, the day, days left."""
    denied: tuple[str, ...] = ()
    """Entries of 取扱記録 under a noted permission of which the responsible person says that it was
    not so."""
    refused: tuple[str, ...] = ()
    """What was said here and the server did not do, in the last seven days."""
