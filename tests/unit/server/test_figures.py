"""Figures count each thing once, on both engines, and no row of them tells who it was."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.server import commands, figures, people, permits, reporting
from meti_desk.server.people import Device, Person
from meti_desk.server.storage import Database, Place
from meti_desk.standard.selfcheck_file import shipped
from meti_desk.sync.reviews import JUDGED, OFFERED, ReviewJudged, ReviewMember, ReviewOffered
from meti_desk.sync.wire import GENESIS, WireEvent, follow
from tests.unit.server.ministry import Ministry

NOW = 1_795_000_000_000
"""2026-11-18, 20:06 at the ministry."""
MONTH = "2026-11"
DAY = 86_400_000
FORM = "urn:meti-desk:selfcheck:staff"


@pytest.fixture
def database(place: Place) -> Iterator[Database]:
    made = Database(place)
    yield made
    made.close()


def device(name: str, person: str = "y1", enrolled_at: int = 0) -> Device:
    return Device(name, person, "PC", bytes(32), enrolled_at, None, 0, GENESIS, 0)


class Log:
    """A log whose events are counted as they would be taken."""

    def __init__(self, name: str = "d1", unit: str = "政策課") -> None:
        self.device, self.person = device(name), Person("y1", "山田", unit)
        self.seq, self.head = 0, GENESIS

    def event(self, kind: str, at: str = "2026-11-18T10:00:00+09:00", **facts: Any) -> WireEvent:
        body = msgspec.msgpack.encode({"at": at, "facts": facts, "ledger": bytes(32)})
        made = follow(self.seq, self.head, kind, 1, body)
        self.seq, self.head = made.seq, made.hash
        return made

    def new(self, *events: WireEvent) -> figures.New:
        return figures.New(self.device, self.person, tuple((one, NOW) for one in events))


def held(database: Database, unit: str | None = None) -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for _, _, kind, name, n, _, _ in figures.between(database, "2000-01", "2099-12", unit):
        found[kind, name] += n
    return dict(found)


def take(database: Database, *new: figures.New) -> None:
    database.together(lambda: figures.take(database, new))


def test_what_was_done_is_counted_by_what_the_facts_say(database: Database) -> None:
    log = Log()
    take(
        database,
        log.new(
            log.event("classify", label={"c": 2, "decided": True}),
            log.event("classify", label={"c": 3, "decided": True}),
            log.event("classify", label={"c": 3, "decided": True}),
            log.event("classify", label={"c": 2, "decided": False}),
            log.event("handle", action="distribute", acts=["distribute", "provide"]),
            log.event("handle", action="take-out"),
            log.event("handle", action="x" * 60),
            log.event("scrub"),
            log.event("selfcheck-submit", form=FORM),
            log.event("selfcheck-submit", form="urn:whatever:somebody:writes"),
            log.event("selfcheck-submit", form="urn:\x00"),
            log.event("selfcheck-withdraw", form=FORM),
            log.event("unheard-of", action="provide"),
        ),
    )
    assert held(database) == {
        ("label", "C2"): 1, ("label", "C3"): 2, ("label", "undecided"): 1,
        ("act", "distribute"): 1, ("act", "provide"): 1, ("act", "take-out"): 1,
        ("act", "other"): 1, ("done", "scrub"): 1, ("selfcheck-submitted", FORM): 1,
        ("selfcheck-submitted", "other"): 2, ("selfcheck-withdrawn", FORM): 1,
    }  # fmt: skip
    assert FORM in {one.form.url for one in shipped()}


def test_bodies_that_nobody_can_read_count_nothing(database: Database) -> None:
    log = Log()
    bodies = [b"", b"\xc1", msgspec.msgpack.encode({"facts": {"label": 5}}),
              msgspec.msgpack.encode({"facts": {"label": {"c": "x"}}})]  # fmt: skip
    made = []
    for body in bodies:
        made.append(follow(log.seq, log.head, "classify", 1, body))
        log.seq, log.head = made[-1].seq, made[-1].hash
    take(database, log.new(*made))
    assert held(database) == {}


@pytest.mark.parametrize(
    ("at", "month"),
    [
        ("2026-10-31T23:59:00+09:00", "2026-10"),
        ("2026-10-31T15:01:00+00:00", "2026-11"),
        ("2026-11-01T00:30:00+09:00", "2026-11"),
        ("2027-11-01T00:30:00+09:00", MONTH),
        ("2019-01-01T00:00:00+09:00", MONTH),
        ("2026-10-01T00:00:00", MONTH),
        ("yesterday", MONTH),
        ("", MONTH),
    ],
)
def test_a_month_is_that_of_the_ministry_unless_it_cannot_be(
    database: Database, at: str, month: str
) -> None:
    log = Log()
    take(database, log.new(log.event("scrub", at)))
    ((_, told, *_),) = figures.between(database, "2000-01", "2099-12", None)
    assert told == month


def test_several_devices_and_processes_add_up(database: Database, place: Place) -> None:
    other = Database(place)
    try:
        for number in range(20):
            log = Log(f"d{number}", unit="総務課" if number % 4 == 0 else "政策課")
            where = other if number % 2 else database
            take(where, log.new(log.event("scrub"), log.event("scrub")))
    finally:
        other.close()
    assert held(database) == {("done", "scrub"): 40}
    assert held(database, "総務課") == {("done", "scrub"): 10}
    assert held(database, "無い課") == {}
    ((rows,),) = database.run("SELECT COUNT(*) FROM figures")
    assert rows <= 16


def test_a_transaction_that_fails_counts_nothing(database: Database) -> None:
    log = Log()

    def write() -> None:
        figures.take(database, [log.new(log.event("scrub"))])
        raise LookupError

    with pytest.raises(LookupError):
        database.together(write)
    assert held(database) == {}


def test_times_give_mean_and_longest(database: Database) -> None:
    def write() -> None:
        asked = "2026-11-18T10:00:00+00:00"
        for seconds in (60, 120, 300):
            at = 1_794_996_000_000 + seconds * 1000
            figures.permit(database, "政策課", "granted", asked, at)
        figures.permit(database, "政策課", "asked", asked, NOW)
        figures.permit(database, "政策課", "refused", "no time", NOW)

    database.together(write)
    found = reporting.report(database, NOW)
    told = {one.name: (one.n, one.mean, one.most) for one in found.lines}
    assert told == {"asked": (1, 0, 0), "granted": (3, 160, 300), "refused": (1, 0, 0)}


def test_the_report_tells_what_is_open_and_no_person(database: Database) -> None:
    staff = (
        Person("y1", "山田太郎", "政策課", "yamada@meti.go.jp"),
        Person("s1", "佐藤", "政策課"),
        Person("z1", "鈴木", "=総務課"),
        Person("q1", "退職者", "政策課", active=False),
    )
    people.put_people(database, staff, NOW)
    for name, person, seen in (("d1", "y1", NOW), ("d2", "y1", NOW - 40 * DAY), ("d3", "z1", NOW)):
        made = msgspec.structs.astuple(msgspec.structs.replace(device(name, person), seen_at=seen))
        columns = "id, person, name, public, enrolled_at, revoked_at, last_seq, head, seen_at"
        database.put("devices", f"{columns}, opening", [made])
    log = Log()
    take(database, log.new(log.event("scrub")))
    found = reporting.report(database, NOW, unit="政策課")
    assert {(one.what, one.n) for one in found.now} == {
        ("people", 2), ("people-without-device", 1), ("devices", 2), ("devices-away", 1),
    }  # fmt: skip
    whole = reporting.report(database, NOW)
    text = reporting.table(whole).decode("utf-8-sig")
    assert "'=総務課" in text
    assert "\n=総務課" not in text
    for secret in ("山田", "yamada", "佐藤", "鈴木", "y1", "d1"):
        assert secret not in text
    assert reporting.report(database, NOW, since="2026-12").lines == ()
    assert reporting.report(database, NOW, since=MONTH, until=MONTH).lines == whole.lines
    for bad in ("2026", "2026-13", "2026-11-01", "x"):
        with pytest.raises(InvalidInput, match=r"report\.month"):
            reporting.report(database, NOW, since=bad)


def test_steps_of_permits_are_counted_with_the_time_that_they_took(tmp_path: Path) -> None:
    ministry = Ministry(tmp_path / "ministry")
    assert ministry.ask() == ""
    assert ministry.ask() == ""  # the same again, from a restored device
    ministry.now += 3_600_000
    assert ministry.decide() == ""
    assert ministry.decide() == ""
    assert ministry.ask(permit="p2") == ""
    assert ministry.decide(permit="p2", person="y1") != ""
    assert ministry.withdraw(permit="p2") == ""
    found = reporting.report(ministry.database, ministry.now)
    told = {one.name: (one.unit, one.n, one.mean) for one in found.lines if one.kind == "permit"}
    assert told == {
        "requested": ("政策課", 2, 0), "granted": ("政策課", 1, 3600),
        "withdrawn": ("政策課", 1, 0),
    }  # fmt: skip
    assert {(one.what, one.n) for one in found.now if one.what.startswith("permit")} == {
        ("permit.granted", 1), ("permit.withdrawn", 1),
    }  # fmt: skip
    ministry.later(60)
    late = reporting.report(ministry.database, ministry.now, unit="政策課")
    assert ("permit-reports-overdue", 1) in {(one.what, one.n) for one in late.now}
    other = reporting.report(ministry.database, ministry.now, unit="総務課")
    assert not [one for one in other.now if one.what.startswith("permit")]


def test_reports_are_overdue_until_they_came_or_were_waived(tmp_path: Path, place: Place) -> None:
    ministry = Ministry(tmp_path / "ministry", place)
    asked: dict[str, dict[str, Any]] = {
        "due": {}, "came": {}, "taken": {}, "long": {"until": "2027-01-31"},
        "waived": {"articles": ("77-5",), "labels": ("C2I1A1",)},
    }  # fmt: skip
    for permit, more in asked.items():
        assert ministry.ask(permit=permit, **more) == ""
        assert ministry.decide(permit=permit, report_waived=permit == "waived") == ""
    assert ministry.revoke(permit="taken") == ""

    def overdue(unit: str | None = None) -> int:
        now = reporting.report(ministry.database, ministry.now, unit=unit).now
        return sum(one.n for one in now if one.what == "permit-reports-overdue")

    assert overdue() == 1  # what was taken back is over
    ministry.later(30)
    assert overdue() == overdue("政策課") == 3  # run out, and nobody has written it down yet
    ministry.do(permits.sweep, ministry.server.key, ministry.now)
    assert overdue() == overdue("政策課") == 3
    assert overdue("総務課") == 0
    assert ministry.report(permit="came", revision=3) == ""
    assert overdue() == 2
    assert ministry.report(permit="taken", revision=3) == ""
    assert overdue() == 1
    rows = ministry.database.run("SELECT id FROM cases WHERE kind = 'permit' AND until > 0")
    assert {one for (one,) in rows} >= {"due", "long"}
    assert not {one for (one,) in rows} & {"waived", "taken"}
    ministry.database.close()


@pytest.mark.parametrize("unit", ["", " AND unit = 'u'"])
def test_what_is_overdue_is_found_by_an_index(place: Place, unit: str) -> None:
    database = Database(place)
    columns = ("kind", "id", "unit", "person", "state", "revision", "until", "body", "at")
    rows = [("permit", f"p{n}", f"u{n % 50}", "y", "expired", 1, 0, b"", 1) for n in range(5000)]
    with database.transaction():
        database.load("cases", columns, rows)
    ask = f"{reporting.OVERDUE}{unit} AND until > 0"
    assert database.run(ask, ("permit", "expired")) == []
    if isinstance(place, str):
        with database.transaction():
            database.run("ANALYZE cases")
            plan = database.run(f"EXPLAIN {ask}", ("permit", "expired"))
        assert "cases_due" in str(plan) or "cases_unit" in str(plan)
    else:
        with database.transaction():
            plan = database.run(f"EXPLAIN QUERY PLAN {ask}", ("permit", "expired"))
        assert "cases_due" in str(plan) or "cases_unit" in str(plan)
    database.close()


def test_judgements_are_counted_by_document(tmp_path: Path) -> None:
    ministry = Ministry(tmp_path / "ministry")
    members = tuple(
        ReviewMember(document=f"d{number}", digest=f"{number:064x}") for number in range(3)
    )
    offered = ReviewOffered(
        id="r1", label="C2I1A1", decided_at="2026-11-18T20:00:00+09:00", words=b"w",
        members=members,
    )  # fmt: skip
    assert ministry.say("y1", OFFERED, offered) == ""

    judged = ReviewJudged(id="r1", revision=1, documents=("d1",))
    assert ministry.say("k1", JUDGED, judged) == ""
    assert ministry.say("k1", JUDGED, judged) != ""  # of a state that is no more
    found = reporting.report(ministry.database, ministry.now)
    told = {one.name: one.n for one in found.lines if one.kind == "review"}
    assert told == {"offered": 3, "valid": 1}


def test_the_command_gives_json_and_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["init", "--data", str(tmp_path)]) == 0
    database = Database(tmp_path)
    log = Log()
    take(database, log.new(log.event("scrub")))
    database.close()
    capsys.readouterr()
    given = ["report", "--data", str(tmp_path)]
    assert commands.main([*given, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["kind"], one["name"], one["n"]) for one in told["lines"]] == [("done", "scrub", 1)]
    out = tmp_path / "report.csv"
    assert commands.main([*given, "--csv", str(out)]) == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert commands.main([*given, "--csv", str(out)]) == 4
    assert commands.main([*given, "--since", "soon"]) == 5
    assert commands.main(given) == 0
    told_in_words = capsys.readouterr().out
    assert "合計: 種類 作業、名前 付加情報の除去、件数 1\n" in told_in_words
