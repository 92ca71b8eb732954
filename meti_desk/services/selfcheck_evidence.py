"""Evidence for the self-check, counted from the application's own records (Art. 92-2).

Every collector is a question to 取扱記録: which events are about the duty (the subject), and did
each meet it? The answer is figures with codes, the events behind them, a suggestion and what the
count speaks against. Evidence never decides: the person does, and may go against it with a reason.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from meti_desk.domain import events as ev
from meti_desk.domain.events import Record
from meti_desk.domain.ledger import Event
from meti_desk.domain.selfcheck import AnswerValue, EvidenceSpec, fiscal_window

Severity = Literal["info", "good", "warn", "bad"]
C3 = 3

KINDS = (ev.CLASSIFY, ev.HANDLE, ev.PROTECT)
"""The kinds of events that collectors read."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one event stands to the duty: the code of the figure it counts in, and how grave."""

    code: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Figure:
    """A number to show: `code` is `collector.figure` for the wording, `events` are behind it."""

    code: str
    number: int
    severity: Severity
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What the records say on one question.

    `figures[0]` is always the total, also when it is 0; the others are shown only when they count
    something. `first` and `last` bound the window, both inclusive; `None` when it is unbounded.
    """

    collector: str
    first: date | None
    last: date | None
    figures: tuple[Figure, ...]
    suggested: AnswerValue | None = None
    against: frozenset[AnswerValue] = frozenset()

    @property
    def total(self) -> int:
        """How many events the duty applied to."""
        return self.figures[0].number

    @property
    def events(self) -> tuple[str, ...]:
        """Ids of all events behind the figures, oldest first."""
        return self.figures[0].events


Judge = Callable[[Record, "History"], Verdict]


@dataclass(frozen=True, slots=True)
class Collector:
    """Which kinds of events are read, which of them are subject to the duty, how each is judged.

    With `latest` only the last event of a document counts: what was put right is no fault.
    """

    kinds: tuple[str, ...]
    subject: Callable[[Record], bool]
    judge: Judge
    latest: bool = False


class History:
    """What was known of documents before the event that is being judged."""

    def __init__(self) -> None:
        self._confidentiality: dict[str, int] = {}

    def confidentiality(self, document: str) -> int:
        """Give the 機密性 a document had then; 0 when it was not known."""
        return self._confidentiality.get(document, 0)

    def learn(self, record: Record) -> None:
        """Remember the label that an event states."""
        if record.document and record.c and record.decided:
            self._confidentiality[record.document] = record.c


def _met(name: str, good: str, bad: str) -> Judge:
    """Judge by a mandatory measure: only `done` meets it."""

    def judge(record: Record, _: History) -> Verdict:
        entry = record.measure(name)
        done = entry is not None and entry.state == "done"
        return Verdict(good, "good") if done else Verdict(bad, "bad")

    return judge


def _considered(name: str) -> Judge:
    """Judge by a measure to consider: done, or declined with a reason (検討)."""

    def judge(record: Record, _: History) -> Verdict:
        entry = record.measure(name)
        if entry is not None and entry.state == "done":
            return Verdict("done", "good")
        if entry is not None and entry.state == "declined" and entry.reason:
            return Verdict("declined", "good")
        return Verdict("not-considered", "bad")

    return judge


def _decided(record: Record, _: History) -> Verdict:
    return Verdict("decided", "good") if record.decided else Verdict("undecided", "bad")


def _marked(record: Record, _: History) -> Verdict:
    return Verdict("marked", "good") if record.marked else Verdict("unmarked", "bad")


def _c3_needed(record: Record, _: History) -> Verdict:
    return Verdict("with-need", "good") if record.reason else Verdict("without-need", "bad")


def _inherited(record: Record, history: History) -> Verdict:
    least = max((history.confidentiality(source) for source in record.sources), default=0)
    if not record.decided or record.c < least:
        return Verdict("lower", "bad")
    return Verdict("kept", "good")


def _permitted(record: Record, _: History) -> Verdict:
    """Judge by the permission; an oral one counts, but is shown until it is confirmed."""
    match record.permit.kind:
        case ev.PERMIT_GRANTED:
            return Verdict("granted", "good")
        case ev.PERMIT_EXEMPT:
            return Verdict("exempt", "good")
        case ev.PERMIT_NOTED:
            return Verdict("noted", "warn")
        case _:
            return Verdict("without-permit", "bad")


def _scrubbed(record: Record, _: History) -> Verdict:
    entry = record.measure("remove-metadata")
    done = entry is not None and entry.state == "done"
    return Verdict("scrubbed", "good") if done else Verdict("not-scrubbed", "bad")


def _published_c1(record: Record, _: History) -> Verdict:
    entry = record.measure("confirm-c1")
    confirmed = entry is not None and entry.state == "done"
    if confirmed and record.decided and record.c == 1:
        return Verdict("confirmed", "good")
    return Verdict("not-confirmed", "bad")


def _listed(record: Record, _: History) -> Verdict:
    if record.listed:
        return Verdict("listed", "good")
    return Verdict("reasoned", "warn") if record.reason else Verdict("unlisted", "bad")


def _recipients(record: Record, _: History) -> Verdict:
    entry = record.measure("minimum-recipients")
    if record.recipients and entry is not None and entry.state == "done":
        return Verdict("named", "good")
    return Verdict("not-named", "bad")


def _done(_: Record, __: History) -> Verdict:
    return Verdict("done", "good")


def _is(act: str, also: Callable[[Record], bool] = lambda _: True) -> Callable[[Record], bool]:
    return lambda record: act in record.acts and also(record)


def _any(_: Record) -> bool:
    return True


_HANDLE = (ev.HANDLE,)
_CLASSIFY = (ev.CLASSIFY,)


def _with_measure(act: str, name: str) -> Callable[[Record], bool]:
    return lambda record: act in record.acts and record.measure(name) is not None


COLLECTORS: Mapping[str, Collector] = {
    "decided": Collector(KINDS[:2], _any, _decided, latest=True),
    "marked": Collector(_CLASSIFY, lambda r: r.decided, _marked, latest=True),
    "c3-needed": Collector(_CLASSIFY, lambda r: r.c == C3, _c3_needed),
    "inherited": Collector(_CLASSIFY, lambda r: bool(r.sources), _inherited),
    "copies-inherit": Collector(_HANDLE, _is("copy"), _decided),
    "distribution-needed": Collector(
        _HANDLE, _is("distribute", lambda r: r.youkimitsu), _recipients
    ),
    "c3-copies-approved": Collector(
        _HANDLE,
        lambda r: r.c == C3 and r.measure("copy-approval") is not None,
        _met("copy-approval", "approved", "not-approved"),
    ),
    "permitted": Collector(
        _HANDLE, lambda r: bool({"transfer", "provide"} & {*r.acts}) and r.youhogo, _permitted
    ),
    "password-considered": Collector(
        _HANDLE, _is("transfer", lambda r: r.youkimitsu), _considered("password")
    ),
    "encryption-considered": Collector(
        _HANDLE, _is("transfer", lambda r: r.youkimitsu), _considered("encryption")
    ),
    "signature-considered": Collector(
        _HANDLE, _is("transfer", lambda r: r.youhozen), _considered("signature")
    ),
    "backup-considered": Collector(
        _HANDLE, _is("transfer", lambda r: r.youhozen), _considered("backup")
    ),
    "split-considered": Collector(_HANDLE, _is("transfer"), _considered("split")),
    "recipient-measures": Collector(
        _HANDLE,
        _is("provide", lambda r: r.youhogo),
        _met("recipient-measures", "with-letter", "without-letter"),
    ),
    "provided-scrubbed": Collector(_HANDLE, _is("provide"), _scrubbed),
    "published-c1": Collector(_HANDLE, _is("publish"), _published_c1),
    "published-scrubbed": Collector(_HANDLE, _is("publish"), _scrubbed),
    "algorithms-listed": Collector((ev.PROTECT,), _any, _listed),
    "contractor-minimum": Collector(
        _HANDLE,
        _with_measure("provide", "contractor"),
        _met("contractor", "agreed", "not-agreed"),
    ),
    "offsite-permitted": Collector(_HANDLE, _is("take-out", lambda r: r.youhogo), _permitted),
    "disposed": Collector(_HANDLE, _is("dispose"), _done),
}
"""Each kind of evidence by its name in the forms."""


def window(spec: EvidenceSpec, year: int) -> tuple[date, date] | None:
    """Give the first day of the time that is counted and the first day after it."""
    return fiscal_window(year) if spec.window == "fiscal-year" else None


def collect(spec: EvidenceSpec, events: Iterable[Event], *, year: int) -> Found:
    """Count what the records say for one question in the fiscal year `year` (April to March).

    `events` are all those of the store, or of `KINDS`, oldest first; those before the window are
    not counted, but teach the labels that documents had. Days are those of each event's offset.
    """
    return _collect(spec, [ev.read(event) for event in events], year)


def collect_all(
    specs: Mapping[str, EvidenceSpec], events: Iterable[Event], *, year: int
) -> Mapping[str, Found]:
    """Do what `collect` does for many questions by link id, reading each event only once."""
    records = [ev.read(event) for event in events]
    return {link_id: _collect(spec, records, year) for link_id, spec in specs.items()}


def _collect(spec: EvidenceSpec, records: Iterable[Record], year: int) -> Found:
    collector = COLLECTORS[spec.collector]
    bounds = window(spec, year)
    history = History()
    judged: dict[str, tuple[str, Verdict]] = {}
    for record in records:
        if record.kind in collector.kinds and collector.subject(record) and _inside(record, bounds):
            key = record.document if collector.latest and record.document else record.id
            judged.pop(key, None)
            judged[key] = (record.id, collector.judge(record, history))
        history.learn(record)
    return _found(spec, bounds, list(judged.values()))


def _inside(record: Record, bounds: tuple[date, date] | None) -> bool:
    if bounds is None:
        return True
    return bounds[0] <= datetime.fromisoformat(record.at).date() < bounds[1]


_ORDER: Mapping[Severity, int] = {"info": 0, "good": 1, "warn": 2, "bad": 3}


def _found(
    spec: EvidenceSpec,
    bounds: tuple[date, date] | None,
    judged: list[tuple[str, Verdict]],
) -> Found:
    name = spec.collector
    subjects = [event for event, _ in judged]
    verdicts: dict[Verdict, list[str]] = {}
    for event, verdict in judged:
        verdicts.setdefault(verdict, []).append(event)
    figures = [Figure(f"{name}.total", len(subjects), "info", tuple(subjects))]
    for verdict in sorted(verdicts, key=lambda one: (_ORDER[one.severity], one.code)):
        ids = verdicts[verdict]
        figures.append(Figure(f"{name}.{verdict.code}", len(ids), verdict.severity, tuple(ids)))
    bad = sum(figure.number for figure in figures if figure.severity == "bad")
    last = date.fromordinal(bounds[1].toordinal() - 1) if bounds else None
    return Found(
        collector=name,
        first=bounds[0] if bounds else None,
        last=last,
        figures=tuple(figures),
        suggested=_suggest(len(subjects), bad) if spec.prefill else None,
        against=frozenset(spec.contradicts) & _spoken_against(len(subjects), bad),
    )


def _suggest(total: int, bad: int) -> AnswerValue | None:
    """Suggest an answer; nothing from an empty record, which proves nothing."""
    if not total:
        return None
    if not bad:
        return AnswerValue.DONE
    return AnswerValue.PARTLY if bad < total else AnswerValue.NOT_DONE


def _spoken_against(total: int, bad: int) -> frozenset[AnswerValue]:
    """Say which answers cannot be true of the records that exist."""
    against = set()
    if bad:
        against.add(AnswerValue.DONE)
    if total:
        against.add(AnswerValue.NOT_APPLICABLE)
    if total and not bad:
        against.add(AnswerValue.NOT_DONE)
    return frozenset(against)
