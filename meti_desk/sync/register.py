"""機密性3情報管理簿 (Art. 11-2) on the wire: lines that are only ever added, one entry a document.

An entry is what one person holds of one document. Its lines tell in clear what happened and how
many copies came into being; the server gives numbers to document and copies. Titles, places, names
and reasons are sealed for the 課室情報セキュリティ責任者 in one piece for each entry, which is
sealed anew when it changes or when who may read it changes.
"""

import msgspec

from meti_desk.sync.mail import Reader

SAID = "register-said"
"""New lines, or words sealed anew: `RegisterSaid`."""
TAKEN_STOCK = "register-stocktaken"
"""棚卸し by the responsible person: `StockTaken`."""
REGISTER = "register"
"""The kind of mail that brings a `RegisterTold`, to who holds it and to who is responsible."""
MOST_LINES = 200
"""Lines that one piece of an event may add to an entry."""

ENTERED = "entered"
"""登録: decided, received, made from others."""
COPIED = "copied"
"""複製: `count` further copies; `how` of the words says by which act."""
NOTED = "noted"
"""Place, who may access, holder or term set by hand."""
RETURNED = "returned"
"""返却 of the copy that `of` names."""
DISPOSED = "disposed"
"""消去・廃棄 of the copy that `of` names, or of the document itself where it names none."""
LOWERED = "lowered"
"""機密性3 no longer: it leaves the register, its lines stay."""
STOCK = "stock"
"""棚卸しの結果; only the server writes it."""

HELD, GONE_ENTRY, LOWERED_ENTRY = "held", "disposed", "lowered"
"""States of an entry."""
PRESENT, MISSING, ELSEWHERE = "present", "missing", "elsewhere"
"""Results of a stock-taking: あり, なし, ほかの場所."""
RESULTS = (PRESENT, MISSING, ELSEWHERE)


class RegisterLine(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened; `id` is unique, so that a line counts once however often it is said.

    `permit` is the id of the approval (Art. 10-4). `of` names a copy as `LINE.N`. `first` is the
    number of the first of `count` copies and is the server's (0: none yet); `at` is ISO 8601.
    """

    id: str
    what: str
    at: str
    count: int = 0
    permit: str = ""
    of: str = ""
    first: int = 0
    result: str = ""
    """Of a stock-taking."""
    person: str = ""
    """Who said it, as the server knows them."""


class RegisterPart(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of one document; `words` is a sealed `RegisterWords`: all from this device.

    `owner` is the person whose entry it is, where that is not who speaks: the responsible person
    may note who may access it, and what came back or was destroyed.
    """

    document: str
    owner: str = ""
    lines: tuple[RegisterLine, ...] = ()
    words: bytes


class RegisterSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of documents that this person holds."""

    parts: tuple[RegisterPart, ...]


class LineWords(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a line says to people. Fields that it leaves empty stay as they were.

    `access` is who may access (アクセスを認める者の範囲), `designated` the place of Art. 11-5,
    `holders` who got the copies, in their order, `due` the day of return (ISO 8601), `how` the act
    or the way of erasure, `actor` who did it.
    """

    line: str
    location: str = ""
    designated: str = ""
    access: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    due: str = ""
    how: str = ""
    reason: str = ""
    actor: str = ""


class RegisterWords(msgspec.Struct, frozen=True, kw_only=True):
    """The words of an entry: its title, who decided, and those of its lines, oldest first.

    `cut` tells how many of the oldest lines had no room; they stay with who holds the document.
    """

    title: str
    decided_by: str = ""
    decided_at: str = ""
    handling: str = ""
    lines: tuple[LineWords, ...] = ()
    cut: int = 0


class StockResult(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one entry: `present`, `missing`, `elsewhere`; `words` a note, sealed.

    A copy that is missing makes its entry `missing`; the note says which.
    """

    entry: str
    result: str
    words: bytes = b""


class StockTaken(msgspec.Struct, frozen=True, kw_only=True):
    """A stock-taking, or a part of a long one; `id` is one for all parts."""

    id: str
    results: tuple[StockResult, ...]


class RegisterTold(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it stands. `number` is the document's in the 課室 (`2026-0012`)."""

    id: str
    revision: int
    state: str
    unit: str
    person: str
    name: str
    document: str
    number: str
    lines: tuple[RegisterLine, ...]
    words: dict[str, bytes] = {}
    """By device, for each that said something of it: its sealed `RegisterWords`."""
    owner_devices: tuple[Reader, ...] = ()
    stock_words: bytes = b""
    """The note of the newest stock-taking, sealed."""
    updated_at: str = ""


def entry_id(document: str, person: str) -> str:
    """Name an entry: what a person holds of a document."""
    return f"{document}/{person}"


def words_about(document: str, what: str = "words") -> str:
    """Name what a seal is about (`sync.sealed`): `what` is `words`, or `stock` of an entry."""
    return f"register:{document}:{what}"
