"""What stands in the body of an event of 取扱記録: one spelling for who writes and who reads it.

The services write bodies with the builders below; the evidence of the self-check, the list of
records and the search read them back with `read`. A body carries facts only - never a password, a
key or the text of a document. Keys that are absent read as "nothing known": evidence never
invents a fault from an older record that did not yet have a key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from meti_desk.domain.label import AnyLabel, Label
from meti_desk.domain.ledger import Event

CLASSIFY = "classify"
SCRUB = "scrub"
CONVERT = "convert"
REDACT = "redact"
PROTECT = "protect"
OPEN = "open"
HANDLE = "handle"
CONSULT = "consult"
NOTICE = "notice"
PUBLIC = "public"
SELFCHECK_SUBMIT = "selfcheck-submit"
SELFCHECK_WITHDRAW = "selfcheck-withdraw"

ACTION = "action"
ACTS = "acts"
ALGORITHMS = "algorithms"
CHANGED = "changed"
CONSULTED = "consulted"
DECIDER = "decider"
DESCENDANTS = "descendants"
DOCUMENT = "document"
EXTENT = "extent"
FORM = "form"
FORM_HASH = "form_hash"
LABEL = "label"
LISTED = "listed"
MARKED = "marked"
MEASURES = "measures"
METHOD = "method"
PERMIT = "permit"
PLACES = "places"
PROPOSED = "proposed"
RECEIPT = "receipt"
RECIPIENTS = "recipients"
REMOVED = "removed"
REASON = "reason"
SHA256 = "sha256"
SOURCES = "sources"
TITLE = "title"
VERSION = "version"

PERMIT_EXEMPT = "exempt"
"""許可を要しないと定めたもの (Art. 13-1, 77-1, 82-1)."""
PERMIT_NOTED = "noted"
"""口頭・書面で許可済（要確認）: told by the person, not yet confirmed."""
PERMIT_GRANTED = "granted"
"""A permit of the responsible person."""
PERMIT_NONE = ""

Body = dict[str, object]


@dataclass(frozen=True, slots=True)
class MeasureEntry:
    """A measure as it was met: `id` of the table of measures, `state` done/open/waiting/declined.

    A declined measure of strength `consider` is met too, if it has a reason (Art. 14-1).
    """

    id: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PermitEntry:
    """Under which permission it was done: one of the `PERMIT_…` kinds, who/when/how, permit id."""

    kind: str = PERMIT_NONE
    note: str = ""
    id: str = ""


def label_body(label: AnyLabel | None) -> Body:
    """Write a label; an undecided one gives its floor with `decided` false, none gives nothing."""
    if label is None:
        return {}
    held = label if isinstance(label, Label) else label.floor()
    return {
        "c": int(held.confidentiality),
        "i": int(held.integrity),
        "a": int(held.availability),
        "restrictions": sorted(one.name for one in held.restrictions),
        "audience": sorted(held.audience or ()),
        "decided": isinstance(label, Label),
    }


def _document(document: str, title: str, label: AnyLabel | None) -> Body:
    return {DOCUMENT: document, TITLE: title, LABEL: label_body(label)}


def _removed(removed: Mapping[str, int]) -> list[Body]:
    return [{"class": name, "count": count} for name, count in sorted(removed.items())]


def classify_body(
    *,
    document: str,
    title: str,
    label: AnyLabel,
    marked: bool,
    reason: str = "",
    sources: Sequence[str] = (),
    consulted: Mapping[str, str] | None = None,
    changed: Mapping[str, object] | None = None,
    extent: Mapping[str, object] | None = None,
) -> Body:
    """Write that a label was decided (Art. 4-1), whether it was marked (Art. 5-1), from what.

    `consulted` tells the 相談 before another's label was changed (7-1): who, when, answer; it is
    要確認. `changed` tells what was modified since the label before (7-3), `extent` how large the
    document is now.
    """
    body = _document(document, title, label)
    body |= {MARKED: marked, REASON: reason, SOURCES: list(sources)}
    if consulted:
        body[CONSULTED] = {**consulted, "confirmed": False}
    if changed:
        body[CHANGED] = dict(changed)
    if extent:
        body[EXTENT] = dict(extent)
    return body


def public_body(*, title: str, sha256: str) -> Body:
    """Write that a file holds what is already published, told by its bytes (公表済み, Art. 4)."""
    return {TITLE: title, SHA256: sha256}


def consult_body(
    *,
    document: str,
    title: str,
    label: AnyLabel | None,
    proposed: AnyLabel,
    decider: str,
    reason: str,
) -> Body:
    """Write that a 相談 about another's label was drafted: which is proposed and why (Art. 7-1)."""
    body = _document(document, title, label)
    return body | {PROPOSED: label_body(proposed), DECIDER: decider, REASON: reason}


def notice_body(
    *,
    document: str,
    title: str,
    label: AnyLabel | None,
    recipients: Sequence[str],
    descendants: Sequence[str],
) -> Body:
    """Write that the 周知 of a changed label was drafted: to whom, for which documents (7-2)."""
    body = _document(document, title, label)
    return body | {RECIPIENTS: list(recipients), DESCENDANTS: list(descendants)}


def scrub_body(
    *,
    document: str,
    title: str,
    label: AnyLabel | None,
    removed: Mapping[str, int],
    purpose: str,
) -> Body:
    """Write what 付加情報 was removed, by class and count (Arts. 14-7, 15-2)."""
    return _document(document, title, label) | {REMOVED: _removed(removed), "purpose": purpose}


def convert_body(
    *,
    document: str,
    title: str,
    label: AnyLabel | None,
    sources: Sequence[str],
    before: str,
    after: str,
    marked: bool = False,
) -> Body:
    """Write that a document was copied into another format (Art. 6-2): from which, into which."""
    told = {SOURCES: list(sources), MARKED: marked, "before": before, "after": after}
    return _document(document, title, label) | told


def redact_body(
    *,
    document: str,
    title: str,
    label: AnyLabel | None,
    places: Mapping[tuple[str, str], int],
    removed: Mapping[str, int],
    purpose: str,
) -> Body:
    """Write what was made black (墨消し), by place and reason - never what stood there.

    `places` counts by (place, reason): (`page 3`, `word`), (`page 3`, `my-number`), ….
    """
    told = [
        {"place": place, "reason": reason, "count": count}
        for (place, reason), count in sorted(places.items())
    ]
    body = scrub_body(document=document, title=title, label=label, removed=removed, purpose=purpose)
    return body | {PLACES: told}


def protect_body(
    *,
    document: str,
    title: str,
    label: AnyLabel | None,
    method: str,
    algorithms: Sequence[str],
    listed: bool,
    reason: str = "",
) -> Body:
    """Write how a copy was protected; an unlisted algorithm has its reason (Arts. 14-2, 30-1)."""
    body = _document(document, title, label)
    return body | {
        METHOD: method,
        ALGORITHMS: list(algorithms),
        LISTED: listed,
        REASON: reason,
    }


def open_body(*, document: str, title: str, label: AnyLabel | None, method: str) -> Body:
    """Write that a protected file was opened again."""
    return _document(document, title, label) | {METHOD: method}


def handle_body(
    *,
    action: str,
    document: str,
    title: str,
    label: AnyLabel,
    measures: Sequence[MeasureEntry],
    acts: Sequence[str] = (),
    permit: PermitEntry | None = None,
    removed: Mapping[str, int] | None = None,
    recipients: Sequence[str] = (),
    marked: bool = False,
    method: str = "",
    algorithms: Sequence[str] = (),
    reason: str = "",
) -> Body:
    """Write that an action was carried out with its measures (Arts. 10-17, 72, 77).

    `action` is the button, `acts` what it was by the facts: distributing to an outside person is
    `distribute` and `provide`; empty means `action` alone.
    """
    allowed = permit or PermitEntry()
    return _document(document, title, label) | {
        ACTION: action,
        ACTS: list(acts or (action,)),
        PERMIT: {"kind": allowed.kind, "note": allowed.note, "id": allowed.id},
        MEASURES: [{"id": m.id, "state": m.state, "reason": m.reason} for m in measures],
        REMOVED: _removed(removed or {}),
        RECIPIENTS: list(recipients),
        MARKED: marked,
        METHOD: method,
        ALGORITHMS: list(algorithms),
        REASON: reason,
    }


def selfcheck_body(*, form: str, version: str, form_hash: str, receipt: str) -> Body:
    """Write that a self-check was submitted or withdrawn, without its answers (Art. 92-2)."""
    return {FORM: form, VERSION: version, FORM_HASH: form_hash, RECEIPT: receipt}


@dataclass(frozen=True, slots=True)
class Record:
    """The body of an event, read; whatever is missing or of another type is left empty."""

    id: str
    kind: str
    at: str
    document: str = ""
    title: str = ""
    acts: tuple[str, ...] = ()
    c: int = 0
    i: int = 0
    a: int = 0
    decided: bool = False
    permit: PermitEntry = PermitEntry()
    measures: tuple[MeasureEntry, ...] = ()
    removed: int = 0
    recipients: tuple[str, ...] = ()
    marked: bool = False
    listed: bool = True
    reason: str = ""
    sources: tuple[str, ...] = ()

    @property
    def youkimitsu(self) -> bool:
        """要機密情報 (Art. 2 (37))."""
        return self.c >= 2  # noqa: PLR2004 - 機密性2 is a name, not a quantity

    @property
    def youhozen(self) -> bool:
        """要保全情報 (Art. 2 (38))."""
        return self.i == 2  # noqa: PLR2004 - 完全性2 is a name, not a quantity

    @property
    def youhogo(self) -> bool:
        """要保護情報 (Art. 2 (39))."""
        return self.youkimitsu or self.youhozen or self.a == 2  # noqa: PLR2004 - 可用性2, a name

    def measure(self, name: str) -> MeasureEntry | None:
        """Find a measure by its id."""
        return next((one for one in self.measures if one.id == name), None)


def read(event: Event) -> Record:
    """Read an event's body for evidence and lists; never raises on a body of another shape."""
    data = event.data()
    label = _mapping(data.get(LABEL))
    permit = data.get(PERMIT)
    allowed = _mapping(permit) if isinstance(permit, dict) else {"kind": permit}
    action = _text(data.get(ACTION))
    return Record(
        id=event.id,
        kind=event.kind,
        at=event.at,
        document=_text(data.get(DOCUMENT)),
        title=_text(data.get(TITLE)),
        acts=_texts(data.get(ACTS)) or ((action,) if action else ()),
        c=_number(label.get("c")),
        i=_number(label.get("i")),
        a=_number(label.get("a")),
        decided=label.get("decided") is True,
        permit=PermitEntry(
            _text(allowed.get("kind")), _text(allowed.get("note")), _text(allowed.get("id"))
        ),
        measures=tuple(
            MeasureEntry(_text(m.get("id")), _text(m.get("state")), _text(m.get("reason")))
            for m in map(_mapping, _items(data.get(MEASURES)))
        ),
        removed=sum(_number(_mapping(one).get("count")) for one in _items(data.get(REMOVED))),
        recipients=_texts(data.get(RECIPIENTS)),
        marked=data.get(MARKED) is True,
        listed=data.get(LISTED) is not False,
        reason=_text(data.get(REASON)),
        sources=_texts(data.get(SOURCES)),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in _items(value) if isinstance(one, str))


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
