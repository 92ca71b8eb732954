"""What a device may not do to others: decide for them, take their mail, speak in their name.

Whatever it says is kept in its own log; it changes nothing else, is told back to it by a code, and
stands in the audit chain.
"""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from meti_desk.server import auditing, keys, people, storage
from meti_desk.server.storage import Place
from meti_desk.server.syncing import Server
from meti_desk.sync.mail import MAIL, OUTCOME, Mail, Outcome
from meti_desk.sync.permits import (
    ASKED,
    CONFIRMED,
    DECIDED,
    NOTED,
    REPORTED,
    REVOKED,
    STANDING,
    WITHDRAWN,
    NotedJudged,
    NotedTold,
    PermitDecided,
    PermitNamed,
    PermitReported,
    StandingSaid,
)
from meti_desk.sync.wire import EventBody, SyncAnswer, follow
from tests.unit.server.fuzzing import INJECTIONS
from tests.unit.server.looking import Reader
from tests.unit.server.ministry import STAFF, ask, digest_of, words_of
from tests.unit.server.test_attacks import NOW as OLD
from tests.unit.server.test_attacks import Client

NOW = 1_795_000_000_000
KEPT = ("cases", "people", "devices", "codes", "snapshots")
"""Tables in which nothing of an attack may be seen; of mail and events, what is of others."""


class Person(Client):
    """Somebody of the ministry with a device."""

    def __init__(self, server: Server, person: str) -> None:
        super().__init__(server)
        from meti_desk.server.web import application

        self.app = application(server, lambda: NOW)
        self.person = person
        code = people.new_code(server.database, person, server.key.fingerprint, NOW)
        public = self.private.public_key().public_bytes_raw()
        self.device = people.enrol(server.database, code.code, public, "PC", NOW).id

    def headers(self, body: bytes, **more: Any) -> dict[str, str]:
        return super().headers(body, **({"time": NOW} | more))

    def say(self, kind: str, told: object) -> str:
        """Say something; gives the code by which it was refused, or nothing."""
        body = msgspec.msgpack.encode(EventBody(said=msgspec.msgpack.encode(told)))
        event = follow(self.seq, self.head, kind, 1, body)
        self.seq, self.head = event.seq, event.hash
        assert self.send(self.request(event)).receipt.seq == event.seq
        return self.outcome(event.seq)

    def outcome(self, seq: int) -> str:
        identity = f"{self.device}:{seq}"
        for piece in self.mail():
            if (piece.kind, piece.id) == (OUTCOME, identity):
                return msgspec.msgpack.decode(piece.body, type=Outcome).code
        return ""

    def mail(self, **cursors: int) -> list[Mail]:
        answer = self.send(self.request(cursors={MAIL: 0} | cursors))
        assert isinstance(answer, SyncAnswer)
        pieces = [one for one in answer.downloads if one.topic == MAIL]
        return [msgspec.msgpack.decode(one.body, type=Mail) for one in pieces]


class Office:
    """A server with people of two 課室, a permit that waits, one that is given, and a note."""

    def __init__(self, folder: Path, place: Place) -> None:
        self.place = place
        self.server = Server(storage.Database(place), keys.make(folder))
        self.reader = Reader(place)
        people.put_people(self.server.database, STAFF, OLD)
        self.who = {one: Person(self.server, one) for one in ("y1", "s1", "k1", "o1", "z1")}
        assert self.who["y1"].say(ASKED, ask("p1")) == ""
        assert self.who["y1"].say(ASKED, ask("p2")) == ""
        assert self.who["k1"].say(DECIDED, _decided("p2")) == ""
        note = NotedTold(id="n1", event="e1", words=words_of("n1", "noted"),
                         digest=digest_of("n1", "noted"))  # fmt: skip
        assert self.who["y1"].say(NOTED, note) == ""

    def state(self, but: str) -> tuple[Any, ...]:
        """Give all that is there, without what is of one person's own."""
        rows = [self.reader.rows(f"SELECT * FROM {one}") for one in KEPT]  # noqa: S608 - ours
        rows[2] = [(row[0], row[1], row[3]) for row in rows[2]]  # of devices: no heads
        rows[1] = [row[:6] for row in rows[1]]  # of people: not how much mail they got
        rows.append(self.reader.rows("SELECT * FROM mail WHERE person <> ?", but))
        device = self.who[but].device
        rows.append(self.reader.rows("SELECT * FROM events WHERE device <> ?", device))
        return tuple(rows)

    def last(self) -> list[dict[str, Any]]:
        return [msgspec.msgpack.decode(one.what) for one in self.server.database.entries()]


def _decided(permit: str, revision: int = 1) -> PermitDecided:
    return PermitDecided(id=permit, revision=revision, granted=True)


@contextmanager
def opened(folder: Path, place: Place) -> Iterator[Office]:
    made = Office(folder, place)
    yield made
    assert auditing.verify(made.server.database).intact
    made.reader.close()
    made.server.database.close()


@pytest.fixture
def office(tmp_path: Path, place: Place) -> Iterator[Office]:
    with opened(tmp_path, place) as made:
        yield made


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Office]:
    """On SQLite, whose file anybody may write to who has it."""
    storage.make(tmp_path)
    with opened(tmp_path, tmp_path) as made:
        yield made


ATTACKS: dict[str, tuple[str, str, Callable[[], object], str]] = {
    "own request": ("y1", DECIDED, lambda: _decided("p1"), "permit.own-request"),
    "a colleague": ("s1", DECIDED, lambda: _decided("p1"), "permit.wrong-decider"),
    "head of another 課室": ("o1", DECIDED, lambda: _decided("p1"), "permit.wrong-decider"),
    "staff of another 課室": ("z1", DECIDED, lambda: _decided("p1"), "permit.wrong-decider"),
    "another's withdrawal": (
        "s1", WITHDRAWN, lambda: PermitNamed(id="p1", revision=1), "permit.not-yours",
    ),
    "the decider withdraws": (
        "k1", WITHDRAWN, lambda: PermitNamed(id="p1", revision=1), "permit.not-yours",
    ),
    "another's report": (
        "s1", REPORTED,
        lambda: PermitReported(id="p2", revision=2, words=words_of("p2", "report")), "permit.",
    ),
    "another revokes": (
        "o1", REVOKED, lambda: PermitNamed(id="p2", revision=2, note="x"), "permit.wrong-decider",
    ),
    "who asked revokes": (
        "y1", REVOKED, lambda: PermitNamed(id="p2", revision=2, note="x"), "permit.own-request",
    ),
    "an id that is taken": ("s1", ASKED, lambda: ask("p1"), "permit.id-taken"),
    "an id that was decided": ("z1", ASKED, lambda: ask("p2"), "permit.id-taken"),
    "other words under a digest that stands": (
        "y1", ASKED, lambda: ask("p1", words=words_of("p1", plain=b"x"), digest=b""),
        "permit.words-changed",
    ),
    "other words with their own digest": (
        "y1", ASKED,
        lambda: ask("p1", words=words_of("p1", plain=b"x"), digest=digest_of("p1", plain=b"x")),
        "permit.words-changed",
    ),
    "another note in the place of one": (
        "y1", NOTED,
        lambda: NotedTold(
            id="n1", event="e1", words=words_of("n1", "noted", b"x"),
            digest=digest_of("n1", "noted", b"x"),
        ), "permit.words-changed",
    ),
    "an older state": ("k1", DECIDED, lambda: _decided("p2", 1), ""),
    "a note of others": (
        "o1", CONFIRMED, lambda: NotedJudged(id="n1", revision=1, right=True), "permit.",
    ),
    "one's own note": (
        "y1", CONFIRMED, lambda: NotedJudged(id="n1", revision=1, right=True), "permit.",
    ),
    "a rule for the 課室": (
        "s1", STANDING,
        lambda: StandingSaid(
            id="t1", measure="encryption", answer="no", since="2026-11-18", until="2026-11-30",
            reason="x",
        ), "permit.wrong-decider",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_another_s_to_say_is_not_done(office: Office, name: str) -> None:
    person, kind, told, expected = ATTACKS[name]
    before = office.state(person)
    code = office.who[person].say(kind, told())
    if name == "an older state":  # what stands already: said again, it changes nothing
        assert code == ""
    else:
        assert code.startswith(expected), code
        device, seq = office.who[person].device, office.who[person].seq
        refused = {"what": "not-done", "device": device, "seq": seq, "code": code}
        assert refused in office.last()
    assert office.state(person) == before


def test_nobody_is_given_another_s_mail(office: Office) -> None:
    assert {one.person for one in office.who["y1"].mail()} == {"y1"}
    assert any(one.id == "p1" for one in office.who["k1"].mail())
    for thief in ("z1", "o1", "s1"):
        topics = {"mail:y1": 0, "mail y1": 0, "y1": 0, "mail' OR '1'='1": 0, "permit": 0}
        pieces = office.who[thief].mail(**topics)
        assert {one.person for one in pieces} == {thief}
        assert not [one for one in pieces if one.id in {"p1", "p2", "n1"}]
        answer = office.who[thief].send(office.who[thief].request(cursors={"mail": -1}))
        assert answer.code == "sync.malformed"


def test_a_device_that_is_not_there_and_one_of_others_get_nothing(office: Office) -> None:
    thief, victim = office.who["z1"], office.who["y1"]
    before = office.state("z1")
    for device in (victim.device, "0" * 32, victim.device.upper(), "", "'; DROP TABLE devices"):
        body = thief.request(device=device)
        told = thief.send(body, thief.headers(body, device=device, by=thief.private))
        assert told.code in {"sync.signature", "sync.unknown-device", "sync.malformed"}, device
    signed_by_victim = victim.headers(thief.request())
    assert thief.send(thief.request(), signed_by_victim).code == "sync.malformed"
    assert office.state("z1") == before


def test_a_decision_that_was_copied_on_the_way_is_made_once(office: Office) -> None:
    head = office.who["k1"]
    body = msgspec.msgpack.encode(EventBody(said=msgspec.msgpack.encode(_decided("p1"))))
    event = follow(head.seq, head.head, DECIDED, 1, body)
    request = head.request(event)
    headers = head.headers(request)
    assert head.send(request, headers).receipt.seq == event.seq
    entries = len(office.last())
    assert head.send(request, headers).code == "sync.replayed"
    assert len(office.last()) == entries + 1
    assert head.send(request).receipt.seq == event.seq  # by the device itself: known
    decided = [one for one in office.last() if one.get("id") == "p1" and one["what"] == "permit"]
    assert [one["state"] for one in decided] == ["requested", "granted"]


def test_a_device_that_was_revoked_decides_nothing(office: Office) -> None:
    head = office.who["k1"]
    people.revoke(office.server.database, head.device, NOW)
    before = office.state("k1")
    body = head.request(*head.events(1))
    assert head.send(body).code == "sync.revoked"
    assert office.state("k1") == before
    assert office.last()[-1] == {"what": "refused", "code": "sync.revoked", "device": head.device}


def test_who_lost_the_post_decides_no_more(office: Office) -> None:
    moved = people.Person("k1", "課長", "総務課", role="staff responsible")
    people.put_person(office.server.database, moved, NOW)
    assert office.who["k1"].say(DECIDED, _decided("p1")) == "permit.wrong-decider"


@pytest.mark.parametrize("field", ["id", "note", "designated", "recipients", "blanket", "article"])
def test_words_in_permits_are_words(office: Office, field: str) -> None:
    schema = office.reader.schema()
    for number, given in enumerate(INJECTIONS):
        words, before = given[:20_000], office.state("y1")  # a longer body is refused before
        if field in {"note", "designated"}:
            more: dict[str, Any] = {"note": words} if field == "note" else {"designated": (words,)}
            told = PermitDecided(id="p1", revision=1, granted=True, **more)
            assert office.who["s1"].say(DECIDED, told) in {
                "permit.wrong-decider", "permit.malformed", "sync.not-understood",
            }  # fmt: skip
            continue
        more = {
            "id": {}, "recipients": {"recipients": (words,)}, "blanket": {"blanket": words},
            "article": {"articles": (words,)},
        }[field]  # fmt: skip
        permit = words if field == "id" else f"q{number}-{secrets.token_hex(4)}"
        code = office.who["y1"].say(ASKED, ask(permit, **more))
        assert code in {"", "permit.malformed", "permit.incomplete", "permit.no-decider",
                        "sync.not-understood"}, (words, code)  # fmt: skip
        if code:
            assert office.state("y1") == before
    assert office.reader.rows("SELECT count(*) FROM people") == [(len(STAFF),)]
    assert office.reader.schema() == schema


@pytest.mark.parametrize("table", ["events", "chain"])
def test_whatever_is_changed_behind_its_back_is_found(embedded: Office, table: str) -> None:
    """Each column of the oldest, a middle and the newest row: altered, or the row taken out."""
    assert isinstance(embedded.place, Path)
    path = embedded.place / storage.DATABASE
    with closing(sqlite3.connect(path, isolation_level=None)) as forger:
        names = [row[1] for row in forger.execute(f"PRAGMA table_info({table})")]
        triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
        for name, _ in (kept := forger.execute(triggers, (table,)).fetchall()):
            forger.execute(f"DROP TRIGGER {name}")
        keys_ = [n for n in names if n in {"device", "seq", "lane", "entry"}]
        rows = forger.execute(f"SELECT * FROM {table} ORDER BY {', '.join(keys_)}").fetchall()  # noqa: S608
        found = 0
        for row in {rows[0], rows[len(rows) // 2], rows[-1]}:
            where = " AND ".join(f"{n} = ?" for n in keys_)
            place = [row[names.index(n)] for n in keys_]
            for number, name in enumerate(names):
                if name in {*keys_, "received_at"}:
                    continue
                wrong = row[number] + 1 if isinstance(row[number], int) else _other(row[number])
                change = f"UPDATE {table} SET {name} = ? WHERE {where}"  # noqa: S608
                forger.execute(change, (wrong, *place))
                assert not auditing.verify(embedded.server.database).intact, (table, name)
                forger.execute(change, (row[number], *place))
                found += 1
            forger.execute(f"DELETE FROM {table} WHERE {where}", place)  # noqa: S608
            gone = auditing.verify(embedded.server.database)
            marks = ", ".join("?" * len(row))
            forger.execute(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608
            assert not gone.intact or row == rows[-1], (table, row)
            assert auditing.verify(embedded.server.database).intact
        assert found >= 9
        for _, sql in kept:
            forger.execute(sql)


def _other(value: object) -> object:
    return value + "x" if isinstance(value, str) else bytes(value) + b"x"  # type: ignore[call-overload]


def test_what_was_said_to_another_server_is_kept_and_asks_nothing(office: Office) -> None:
    who = office.who["y1"]
    events = []
    for permit in ("p7", "p8", "p9"):
        body = msgspec.msgpack.encode(EventBody(said=msgspec.msgpack.encode(ask(permit))))
        event = follow(who.seq, who.head, ASKED, 1, body)
        who.seq, who.head = event.seq, event.hash
        events.append(event)
    first, last = events[0].seq, events[1].seq
    told = who.send(who.request(*events, elsewhere=((1, 0), (first, last), (last, 0))))
    assert told.receipt.seq == who.seq
    database = office.server.database
    rows = database.run("SELECT id FROM cases WHERE kind = 'permit' ORDER BY id")
    assert [tuple(row) for row in rows] == [("p1",), ("p2",), ("p9",)]
    ((kept,),) = database.run("SELECT COUNT(*) FROM events WHERE device = ?", (who.device,))
    assert kept == who.seq
    before = office.state("y1")
    assert who.send(who.request(elsewhere=((1, 2),) * 1_001)).code == "sync.malformed"
    assert office.state("y1") == before
