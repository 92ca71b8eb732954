"""Offers that come at the same time are taken as if one by one, each wholly or not at all."""

import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest

from meti_desk.server import applying, auditing, figures, keys, mail, people, permits
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import Database, Place
from meti_desk.server.syncing import Server
from meti_desk.server.taking import Offer, Taken, Taker
from meti_desk.sync.wire import EventBody, SyncRequest, WireEvent, follow
from tests.postgres import Cluster
from tests.unit.server.test_attacks import NOW, Client

BROKEN = "toy-broken"


@pytest.fixture
def server(place: Place, tmp_path: Path) -> Iterator[Server]:
    made = Server(Database(place), keys.make(tmp_path))
    people.put_person(made.database, people.Person("y1", "山田太郎", "政策課"), NOW)
    yield made
    assert auditing.verify(made.database).intact
    made.database.close()


def offer(client: Client, *events: WireEvent, nonce: bytes = b"", opening: bytes = b"") -> Offer:
    asked = SyncRequest(
        protocol=1, device=client.device, head_seq=0, head=b"", events=events, opening=opening
    )
    return Offer(client.device, nonce or secrets.token_bytes(16), asked, NOW)


def taken(server: Server, offers: Sequence[Offer]) -> list[Any]:
    """Have offers taken in one transaction; gives the end of each log, or the code."""
    taker = Taker(server.database, server.key)
    with server.database.transaction():
        found = taker.take(offers)
    return [one.receipt.seq if isinstance(one, Taken) else one.code for one in found]


def held(server: Server, client: Client) -> list[int]:
    ask = "SELECT seq FROM events WHERE device = ? ORDER BY seq"
    return [seq for (seq,) in server.database.run(ask, (client.device,))]


def test_each_offer_of_a_batch_gets_its_own_answer(server: Server) -> None:
    first, second, third, revoked = (Client(server) for _ in range(4))
    people.revoke(server.database, revoked.device, NOW)
    nonce = secrets.token_bytes(16)
    one, two = first.events(2), second.events(3)
    unknown = Offer("0" * 32, bytes(16), offer(first).request, NOW)
    offers = [
        offer(first, *one[:1], nonce=nonce),
        offer(second, *two),
        offer(first, *one[:1], nonce=nonce),  # repeated at the same time
        unknown,
        offer(third, third.events(2)[1]),
        offer(first, *one),  # overtakes: half of it is known by now
        offer(revoked, *revoked.events(1)),
        offer(second, follow(0, bytes(32), "classify", 1, b"another history")),
        offer(third, opening=b"no point"),
    ]
    assert taken(server, offers) == [
        1, 3, "sync.replayed", "sync.unknown-device", "sync.gap", 2, "sync.revoked", "sync.forked",
        "sync.malformed",
    ]  # fmt: skip
    assert [held(server, one) for one in (first, second, third, revoked)] == [
        [1, 2], [1, 2, 3], [], [],
    ]  # fmt: skip
    assert taken(server, [offer(first, *one, nonce=nonce)]) == ["sync.replayed"]
    assert taken(server, [offer(first, *one), offer(first, *one)]) == [2, 2]


def test_what_is_sent_again_is_known_however_long_ago_it_came(server: Server) -> None:
    client = Client(server)
    events, month = client.events(6), 31 * 86_400_000

    def send(months: int, *some: WireEvent) -> list[Any]:
        later = msgspec.structs.replace(offer(client, *some), at=NOW + months * month)
        return taken(server, [later])

    assert [send(2 * n, events[n]) for n in range(6)] == [[n + 1] for n in range(6)]
    assert send(11, *events) == send(11, *events[1:3]) == send(18, *events[4:]) == [6]
    for place in (1, 3, 6):
        before = events[place - 2].hash if place > 1 else bytes(32)
        other = follow(place - 1, before, "classify", 1, b"another history")
        assert send(18, other) == ["sync.forked"]
    assert held(server, client) == [*range(1, 7)]


def test_what_is_sent_again_soon_is_looked_for_in_its_month_alone(postgres: Cluster) -> None:
    database, day = Database(postgres.made()), 86_400_000
    middle = NOW // day * day  # the 18th
    with database.transaction():
        for month in range(-6, 7):
            at = middle + month * 30 * day
            row = ("d", month + 7, "k", 1, b"", b"", bytes([month + 7]), at)
            columns = ("device", "seq", "kind", "version", "body", "prev", "hash", "received_at")
            database.load("events", columns, [row])
    for since, until, rows, parts in (
        (middle - 7 * day, middle + 7 * day, 1, 1),
        (0, (1 << 63) - 1, 13, 14),  # and that of everything else
    ):
        asked = ("d", 1, 13, since, until)
        plan = database.run(f"EXPLAIN {figures.HASHES}", asked)
        assert sum("Scan using events_" in line for (line,) in plan) == parts
        assert len(database.run(figures.HASHES, asked)) == rows
    database.close()


def test_devices_that_come_at_once_through_two_processes_lose_nothing(
    server: Server, place: Place
) -> None:
    other = Server(Database(place), server.key)
    clients = [Client(server) for _ in range(6)]
    for client in clients:
        client.send(client.request())

    def send(number: int) -> list[object]:
        client = clients[number]
        client.server = (server, other)[number % 2]
        return [client.send(client.request(*client.events(2))) for _ in range(8)]

    with ThreadPoolExecutor(6) as threads:
        answers = [*threads.map(send, range(6))]
    assert [[one.receipt.seq for one in some] for some in answers] == [  # type: ignore[attr-defined]
        [*range(2, 17, 2)]
    ] * 6
    assert [held(other, client) for client in clients] == [[*range(1, 17)]] * 6
    other.database.close()


def test_a_device_may_change_between_processes(server: Server, place: Place) -> None:
    other = Server(Database(place), server.key)
    client = Client(server)
    away = Client(other)
    client.send(client.request(*client.events(2)))
    away.device, away.private, away.seq, away.head = (
        client.device, client.private, client.seq, client.head,
    )  # fmt: skip
    assert away.send(away.request(*away.events(2))).receipt.seq == 4
    client.seq, client.head = away.seq, away.head
    assert client.send(client.request(*client.events(1))).receipt.seq == 5
    assert auditing.verify(other.database).intact
    other.database.close()


def test_a_fault_of_ours_stops_neither_a_log_nor_others(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(applying.HANDLERS, BROKEN, f"{__name__}:broken")
    monkeypatch.setattr(permits, "sweep", broken)
    client, other = Client(server), Client(server)
    body = msgspec_body(b"said")
    event = follow(0, bytes(32), BROKEN, 1, body)
    assert taken(server, [offer(client, event), offer(other, *other.events(1))]) == [1, 1]
    rows = server.database.run("SELECT kind, id FROM mail WHERE kind IN ('outcome', 'toy')")
    assert rows == [("outcome", f"{client.device}:1")]


def broken(*given: Any) -> None:
    """Write something, and fail."""
    database = given[0] if isinstance(given[0], Database) else given[0].database
    mail.post(database, ("y1",), "toy", "t1", b"x", NOW)
    raise ZeroDivisionError


def msgspec_body(said: bytes) -> bytes:
    import msgspec

    return msgspec.msgpack.encode(EventBody(said=said))


def test_a_refusal_inside_keeps_what_others_asked(server: Server) -> None:
    client = Client(server)
    future = server.database.share(Taker(server.database, server.key).take, offer(client))
    assert future.result().receipt.seq == 0
    gone = offer(client, *client.events(3)[2:])
    with pytest.raises(RefusalError, match=r"sync\.gap"):
        server.database.share(Taker(server.database, server.key).take, gone).result()
    told = [one.what for one in server.database.entries()]
    assert b"sync.gap" in told[-1]
