"""Events of the 機密性3情報管理簿 (Arts. 10-4, 11-2): what a person writes into it by hand.

What the application does itself - deciding, copying, giving - is in its own events already, and the
register is built from those. Nothing is ever changed: a correction is a later event.
"""

from collections.abc import Sequence

from meti_desk.domain.events import DOCUMENT, PERMIT, PERMIT_GRANTED, REASON, TITLE, Body

NOTE = "register-note"
"""Place, who may access, holder, term, or copies that were made elsewhere."""
RETURN = "register-return"
"""返却."""
DISPOSE = "register-dispose"
"""消去・廃棄."""

LOCATION = "location"
DESIGNATED = "designated"
ACCESS = "access"
HOLDERS = "holders"
DUE = "due"
HOW = "how"
COPY = "copy"
COPIES = "copies"
WHEN = "when"
ENTRIES = "entries"
RESULTS = "results"
COUNT = "count"
WHAT = "what"
OWNER = "owner"


def note_body(
    *, document: str, title: str, reason: str, location: str = "", designated: str = "",
    access: Sequence[str] = (), copy: str = "", holders: Sequence[str] = (), due: str = "",
    copies: int = 0, permit: str = "", owner: str = "",
) -> Body:  # fmt: skip
    """Write a correction or an addition; what is empty stays as it was. `copy` is a copy's id.

    `owner` is the person of the directory whose entry it is, where that is another.
    """
    allowed = {"kind": PERMIT_GRANTED if permit else "", "note": "", "id": permit}
    return {
        DOCUMENT: document, TITLE: title, REASON: reason, LOCATION: location,
        DESIGNATED: designated, ACCESS: list(access), COPY: copy, HOLDERS: list(holders), DUE: due,
        COPIES: copies, PERMIT: allowed, OWNER: owner,
    }  # fmt: skip


def end_body(
    *, document: str, title: str, copy: str, how: str, reason: str, when: str, owner: str = ""
) -> Body:
    """Write that a copy came back, or that it or the document was erased or destroyed."""
    return {
        DOCUMENT: document, TITLE: title, COPY: copy, HOW: how, REASON: reason, WHEN: when,
        OWNER: owner,
    }  # fmt: skip


def said_body(*, entries: Sequence[str], count: int) -> Body:
    """Write that the register at the server was told: of which entries, how many lines."""
    return {ENTRIES: list(entries), COUNT: count}


def stock_body(*, stock: str, results: Sequence[tuple[str, str, str]]) -> Body:
    """Write a stock-taking (棚卸し): its id, and entry, result and note of each that was found."""
    told = [{"entry": entry, "result": result, "note": note} for entry, result, note in results]
    return {WHAT: stock, RESULTS: told, COUNT: len(told)}
