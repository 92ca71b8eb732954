"""What the window and the commands ask of the 機密性3情報管理簿 (Art. 11-2), and are told."""

import msgspec


class CopyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A numbered copy (Art. 10-4). `state`: `held`, `returned`, `disposed`, `overdue`.

    `id` is what `RegisterNote.copy` and the others take. `number` is the document's with that of
    the copy, `2026-0012-3`; while the server has not numbered it `provisional` is set. `permit` is
    the id of the approval, `how` the act that made it (`copy`, `provide`, `take-out`, …).
    """

    id: str
    number: str
    state: str
    provisional: bool = False
    how: str = ""
    holder: str = ""
    location: str = ""
    permit: str = ""
    at: str = ""
    due: str = ""
    ended_at: str = ""
    ended_how: str = ""


class HistoryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the history; `what` is a word of `sync.register`, `copy` the number it is of."""

    what: str
    at: str
    by: str = ""
    how: str = ""
    copy: str = ""
    detail: str = ""
    reason: str = ""


class RegisterRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry: what one person holds of one document of 機密性3.

    `state`: `held`, `disposed`, `lowered`. `stock`: `present`, `missing`, `elsewhere` or empty
    (never taken); `stock_at`, `stock_by`, `stock_note` tell of the newest stock-taking. `flags` are
    codes of what is to be done: `register.no-access` (11-2: nobody said who may access),
    `register.not-in-place` (11-5), `register.overdue`, `register.missing` (Art. 99: 障害・事故等の
    報告). `readable`: this device can read the words; if not, only numbers and states are known.
    """

    id: str
    document: str
    number: str
    state: str
    provisional: bool = False
    title: str = ""
    keeper: str = ""
    decided_by: str = ""
    decided_at: str = ""
    restrictions: str = ""
    location: str = ""
    designated: str = ""
    access: tuple[str, ...] = ()
    copies: tuple[CopyRow, ...] = ()
    history: tuple[HistoryRow, ...] = ()
    entered_at: str = ""
    ended_at: str = ""
    ended_how: str = ""
    stock: str = ""
    stock_at: str = ""
    stock_by: str = ""
    stock_note: str = ""
    flags: tuple[str, ...] = ()
    readable: bool = True
    mine: bool = False
    unsent: bool = False


class RegisterView(msgspec.Struct, frozen=True, kw_only=True):
    """The register. `responsible`: the whole of the 課室 is shown, and stock may be taken."""

    enrolled: bool
    responsible: bool = False
    unit: str = ""
    entries: tuple[RegisterRow, ...] = ()
    places: tuple[str, ...] = ()
    """The places that the policy designates for this 課室 (Art. 11-5)."""


class RegisterNote(msgspec.Struct, frozen=True, kw_only=True):
    """A correction by hand, with its reason. `entry` is an entry's id, number, or document id.

    What is `None` stays as it was. `copy` (id or number) tells that holder, place and day of
    return are of that copy. `new_copies` registers copies that were made elsewhere, on paper for
    instance, with `permit` their approval (Art. 10-4).
    """

    entry: str
    reason: str
    location: str | None = None
    designated: str | None = None
    access: tuple[str, ...] | None = None
    copy: str = ""
    holder: str | None = None
    due: str | None = None
    new_copies: int = 0
    holders: tuple[str, ...] = ()
    permit: str = ""


class RegisterEnd(msgspec.Struct, frozen=True, kw_only=True):
    """返却 of a copy, or 消去・廃棄 of a copy or (without `copy`) of the document; `how` the way.

    `at` is the day (ISO 8601); empty: today.
    """

    entry: str
    copy: str = ""
    how: str = ""
    reason: str = ""
    at: str = ""


class StockEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What was found: `result` is `present`, `missing`, `elsewhere`; the last needs a `note`."""

    entry: str
    result: str
    note: str = ""


class StockOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """A stock-taking that was recorded; `missing` have to be reported (Art. 99)."""

    id: str
    recorded: int
    missing: tuple[RegisterRow, ...] = ()
