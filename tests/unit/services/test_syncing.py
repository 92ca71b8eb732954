"""The device's side of the sync, against a real server in this process and against liars."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError, RuleViolation
from meti_desk.domain.events_store import STORE, store_body
from meti_desk.server import keys, people, storage
from meti_desk.server.syncing import Server
from meti_desk.server.web import application
from meti_desk.services.syncing import Syncing, SyncView
from meti_desk.sync import wire
from meti_desk.sync.line import HttpLine
from tests.unit.server.test_attacks import call
from tests.unit.services.fakes import World

URL = "https://sync.example.go.jp"


class Wire:
    """The way to a server in this process; `meddle` may answer in its place."""

    def __init__(self, server: Server, now: Callable[[], int]) -> None:
        self.app = application(server, now)
        self.meddle: Callable[[wire.SyncRequest], tuple[int, object] | None] = lambda _asked: None
        self.sent = 0

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, timeout: float
    ) -> tuple[int, bytes]:
        assert timeout > 0
        self.sent += 1
        assert self.sent < 50, "it would go on for ever"
        path = url.removeprefix(URL)
        if path == "/v1/sync":
            raw = zstandard.ZstdDecompressor().decompress(body)
            told = self.meddle(msgspec.msgpack.decode(raw, type=wire.SyncRequest))
            if told is not None:
                status, answer = told
                plain = answer if isinstance(answer, bytes) else msgspec.msgpack.encode(answer)
                return status, plain
        return call(self.app, path, body, {k.lower(): v for k, v in headers.items()})


class Office:
    """A server with one member of staff, and a device that is enrolled there."""

    def __init__(self, world: World, folder: Path, place: storage.Place | None = None) -> None:
        self.world = world
        if place is None:
            storage.make(folder)
        self.server = Server(storage.Database(place or folder), keys.make(folder))
        people.put_person(self.server.database, people.Person("y1", "山田"), self.now())
        self.wire = Wire(self.server, self.now)
        self.area = Syncing(world.ctx, self.wire)
        self.area.enrol(self.code(), URL)

    def now(self) -> int:
        return int(self.world.clock.now().timestamp() * 1000)

    def code(self) -> str:
        key = self.server.key.fingerprint
        return people.new_code(self.server.database, "y1", key, self.now()).code

    def record(self, count: int = 1) -> None:
        for _ in range(count):
            self.world.store.ledger.append(STORE, store_body(what="rekey"), self.world.clock.now())

    def held(self) -> list[int]:
        return [n for (n,) in self.server.database.run("SELECT last_seq FROM devices")]

    def refused(self) -> str:
        with pytest.raises(MetiDeskError) as caught:
            self.area.sync()
        return caught.value.code

    def receipt(self, seq: int, head: bytes) -> wire.SyncAnswer:
        """Give what the real key signs, true or not."""
        device = self.area.status().device
        plain = wire.Receipt(
            device=device, seq=seq, head=head, lane=0, entry=1, entry_hash=bytes(32), at="2026"
        )
        signature = self.server.key.sign(wire.receipt_message(plain))
        signed = msgspec.structs.replace(plain, signature=signature)
        return wire.SyncAnswer(protocol=1, receipt=signed)


@pytest.fixture
def office(world: World, tmp_path: Path, place: storage.Place) -> Iterator[Office]:
    (tmp_path / "ministry").mkdir()
    made = Office(world, tmp_path / "ministry", place)
    yield made
    made.server.database.close()


def test_a_device_that_lost_its_newest_records_is_told_and_comes_back_by_a_new_code(
    office: Office,
) -> None:
    office.record(3)
    older = [*office.world.store.ledger.held], dict(office.world.store.outbox.rows)
    office.area.sync()
    office.record(2)
    office.area.sync()
    office.world.store.ledger.held, office.world.store.outbox.rows = older
    assert office.refused() == "sync.forked"
    office.record(1)
    assert office.refused() == "sync.forked"
    assert office.held() == [5]
    office.area.leave()
    office.area.enrol(office.code(), URL)
    view = office.area.sync()
    assert (view.acked, view.unsent) == (4, 0)
    assert sorted(office.held()) == [4, 5]


def test_what_is_recorded_while_it_is_sent_waits_for_the_next_time(office: Office) -> None:
    office.record(2)

    def another(_asked: wire.SyncRequest) -> None:
        office.record()

    office.wire.meddle = another
    view = office.area.sync()
    assert (view.acked, view.unsent) == (2, 1)


def test_two_that_sync_at_once_send_everything_once(office: Office) -> None:
    office.record(3)

    def other(_asked: wire.SyncRequest) -> None:
        office.wire.meddle = lambda _asked: None
        office.record(2)
        Syncing(office.world.ctx, office.wire).sync()

    office.wire.meddle = other
    view = office.area.sync()
    assert (view.acked, view.unsent, office.held()) == (5, 0, [5])


def test_a_device_that_leaves_while_it_sends_stays_away(office: Office) -> None:
    office.record()
    office.wire.meddle = lambda _asked: office.area.leave()
    assert office.refused() == "sync.not-enrolled"
    assert office.area.status() == SyncView(enrolled=False)


def test_a_receipt_says_neither_more_nor_less_than_was_sent(office: Office) -> None:
    office.record(3)
    for seq, head in ((9, wire.GENESIS), (-1, wire.GENESIS), (3, bytes(32)), (9, b"x" * 32)):
        office.wire.meddle = lambda _asked, seq=seq, head=head: (200, office.receipt(seq, head))
        assert office.refused() == "sync.forked"
    office.wire.meddle = lambda _asked: (200, office.receipt(0, wire.GENESIS))
    assert office.refused() == "sync.receipt"
    first = office.world.store.outbox.rows[1].hash
    office.wire.meddle = lambda _asked: (200, office.receipt(1, first))
    assert office.refused() == "sync.receipt"
    office.wire.meddle = lambda _asked: None
    assert office.area.sync().acked == 3


def test_a_server_that_never_has_enough_keeps_nobody(office: Office) -> None:
    office.record(4)
    office.area.sync()
    always: tuple[tuple[Callable[[int], object], int, str], ...] = (
        (lambda seq: wire.ErrorAnswer(code="sync.gap", params={"seq": seq - 1}), 409, "sync.gap"),
        (lambda _: wire.ErrorAnswer(code="sync.clock", params={"now": 9**15}), 401, "sync.clock"),
        (lambda _: office.receipt(0, wire.GENESIS), 200, "sync.receipt"),
    )
    for answer, status, code in always:
        office.wire.meddle = lambda asked, a=answer, s=status: (s, a(asked.head_seq))
        assert office.refused() == code
    office.wire.meddle = lambda _asked: None
    assert office.area.sync().unsent == 0


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (wire.ErrorAnswer(code="sync.clock", params={"now": "soon"}), "sync.clock"),
        (wire.ErrorAnswer(code="sync.gap", params={"seq": "x"}), "sync.gap"),
        (wire.ErrorAnswer(code="sync.gap", params={"seq": -4}), "sync.gap"),
        (wire.ErrorAnswer(code="\x1b[31mpaid"), "sync.refused"),
        (wire.ErrorAnswer(code="sync.busy"), "sync.refused"),
        (b"\x81\xa4code\xa2\xff\xfe", "sync.refused"),
        (b"\x81\xa1x" + b"\x91" * 9000 + b"\xc0", "sync.refused"),
    ],
)
def test_a_refusal_that_makes_no_sense_is_still_one(
    office: Office, answer: object, code: str
) -> None:
    office.record()
    office.wire.meddle = lambda _asked: (500, answer)
    with pytest.raises(MetiDeskError) as caught:
        office.area.sync()
    assert caught.value.code == code
    assert "\x1b" not in str(caught.value.params)
    office.wire.meddle = lambda _asked: None
    assert office.area.sync().unsent == 0


@pytest.mark.parametrize("cut", ["", "-", "-0", "-0123456789abcde", "-" + "z" * 16])
def test_a_code_that_was_cut_short_enrols_nowhere(world: World, cut: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Syncing(world.ctx, HttpLine()).enrol(f"ABCDEFGH{cut}", URL)
    assert caught.value.code == "enrol.code-form"


@pytest.mark.parametrize(
    "url",
    ["", "sync", "https://", "https://x:port", "https://[::1", "https://x/\r\nHost: y",
     "https://サーバー", "https://user:word@x", "https://x y"],
)  # fmt: skip
def test_what_is_no_address_is_said_so_before_anything_is_sent(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        HttpLine().post(url, b"", {}, timeout=1)
    assert caught.value.code == "sync.address"
    assert not re.search("word", str(caught.value.params))


def test_nothing_goes_out_without_tls() -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        HttpLine().post("http://127.0.0.1.example.jp/x", b"", {}, timeout=1)
    assert caught.value.code == "sync.insecure"


def test_a_stranger_with_the_address_of_the_server_enrols_nobody(
    world: World, tmp_path: Path
) -> None:
    class Stranger:
        def __init__(self, answer: Any) -> None:
            self.answer = answer

        def post(self, *_all: object, timeout: float) -> tuple[int, bytes]:
            assert timeout > 0
            return 200, msgspec.msgpack.encode(self.answer)

    key = keys.make(tmp_path)
    code = f"ABCDEFGHJKMNPQRS-{key.fingerprint}"
    good = {"device": "0" * 32, "person": "y1", "server": key.public}
    for wrong, expected in (
        ({"server": bytes(32)}, "sync.other-server"),
        ({"device": "x\r\nHost: y"}, "sync.refused"),
        ({"person": "\x1b]0;y"}, "sync.refused"),
        ({"server": 5}, "sync.refused"),
    ):
        area = Syncing(world.ctx, Stranger(good | wrong))
        with pytest.raises((RuleViolation, EnvironmentProblem)) as caught:
            area.enrol(code, URL)
        assert caught.value.code == expected
        assert not area.status().enrolled


def test_it_syncs_by_itself_in_its_time(office: Office, world: World) -> None:
    office.record(2)
    assert office.area.when_due()
    assert office.held() == [office.area.status().acked]
    assert office.area.status().unsent == 0
    office.record()
    assert not office.area.when_due()
    world.clock.moment += timedelta(minutes=20)
    assert office.area.when_due()
    assert office.area.status().unsent == 0


def test_after_failures_it_waits_longer_and_tells_nobody(office: Office, world: World) -> None:
    office.record()
    office.wire.meddle = lambda _asked: (503, b"")
    assert office.area.when_due()
    waits, tried = [], world.clock.now()
    for _ in range(8):
        while not office.area.when_due():
            world.clock.moment += timedelta(minutes=5)
        waits.append(world.clock.now() - tried)
        tried, office.wire.sent = world.clock.now(), 0
    assert waits == sorted(waits)
    assert timedelta(hours=3) < waits[-1] <= timedelta(hours=4, minutes=5)
    office.wire.meddle = lambda _asked: None
    world.clock.moment += timedelta(hours=5)
    assert office.area.when_due()
    assert office.area.status().unsent == 0


def test_a_time_that_another_clock_wrote_does_not_keep_it(office: Office, world: World) -> None:
    office.record()
    assert office.area.when_due()
    world.clock.moment -= timedelta(days=400)
    office.record()
    assert office.area.when_due()


def test_who_is_not_enrolled_asks_nobody(world: World) -> None:
    class Nobody:
        def post(self, *_args: object, **_more: object) -> tuple[int, bytes]:
            raise AssertionError

    assert not Syncing(world.ctx, Nobody()).when_due()
