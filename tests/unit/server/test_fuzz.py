"""Whatever is sent: answered in one shape, below 500, recorded, and nothing else is changed by it.

Each case comes from a number; a failure names it. METI_DESK_FULL=1 does 50,000 of them; a tenth of
them on PostgreSQL.
"""

import asyncio
import hashlib
import logging
import os
import random
import re
import secrets
import tempfile
import typing
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from meti_desk.server import applying, auditing, keys, people, storage
from meti_desk.server.refusal import STATUS
from meti_desk.server.syncing import Server
from meti_desk.server.web import application
from meti_desk.sync.permits import (
    NotedJudged,
    NotedTold,
    PermitAsked,
    PermitDecided,
    PermitNamed,
    PermitReported,
    StandingSaid,
)
from meti_desk.sync.register import RegisterSaid, StockTaken
from meti_desk.sync.reviews import ReviewAnswered, ReviewJudged, ReviewOffered, ReviewWithdrawn
from meti_desk.sync.wire import SyncAnswer, SyncRequest, follow
from tests.unit.server.fuzzing import INJECTIONS, bitten, mutated, pack, packed, plain, proved
from tests.unit.server.looking import Reader
from tests.unit.server.ministry import words_of
from tests.unit.server.test_attacks import NOW, Client

if typing.TYPE_CHECKING:
    from tests.postgres import Cluster

FULL = bool(os.environ.get("METI_DESK_FULL"))
CASES = 50_000 if FULL else 1_500
SEALED = words_of("id1")
RECORDS = ("chain", "nonces")
"""Tables in which a refusal may leave something."""


class Known:
    """A server with a person, two devices and a log, and all that it holds as one hash."""

    def __init__(self, folder: Path, place: storage.Place) -> None:
        self.cases = CASES if isinstance(place, Path) else CASES // 10
        self.server = Server(storage.Database(place), keys.make(folder))
        staff = (people.Person("y1", "山田", "政策課"), people.Person("b1", "田中", "政策課"))
        people.put_people(self.server.database, staff, NOW)
        self.client = Client(self.server)
        self.app = application(self.server, lambda: NOW)
        assert self.client.send(self.client.request(*self.client.events(3))).receipt.seq == 3
        self.reader = Reader(place)
        self.tables = [one for one in self.server.database.tables() if one not in RECORDS]
        assert {"people", "devices", "events", "mail", "cases", "codes"} <= set(self.tables)

    def state(self) -> str:
        """Hash all tables but those of `RECORDS`."""
        digest = hashlib.sha256()
        for name in self.tables:
            # Events only grow, which is tested elsewhere; all else is read whole.
            what = "device, count(*), max(seq)" if name == "events" else "*"
            group = " GROUP BY device" if name == "events" else ""
            if name == "mail":
                what, group = "person, count(*), max(n), sum(length(body))", " GROUP BY person"
            rows = self.reader.rows(f"SELECT {what} FROM {name}{group}")  # noqa: S608
            digest.update(repr((name, rows)).encode())
        return digest.hexdigest()

    def last(self) -> dict[str, Any]:
        """Give what the newest entry of the chain says."""
        ((what,),) = self.reader.rows("SELECT what FROM chain ORDER BY entry DESC LIMIT 1")
        told: dict[str, Any] = msgspec.msgpack.decode(what)
        return told

    def valid(self) -> dict[str, Any]:
        """Give a right request for what comes next."""
        client = self.client
        first = follow(client.seq, client.head, "classify", 1, b"\x81\xa2at\xa0")
        second = follow(
            first.seq, first.hash, "permit-asked", 1, b"\x82\xa2at\xa0\xa4said\xc4\x01\x80"
        )
        asked = SyncRequest(
            protocol=1, device=client.device, head_seq=client.seq, head=client.head,
            events=(first, second), cursors={"mail": 0}, opening=b"",
        )  # fmt: skip
        whole: dict[str, Any] = plain(msgspec.msgpack.encode(asked))
        return whole

    async def ask(
        self, path: str, body: bytes, headers: dict[str, str], address: str = "192.0.2.7"
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask once; the body comes in two parts."""
        sent: list[dict[str, Any]] = []
        half = len(body) // 2
        parts = iter([(body[:half], True), (body[half:], False)])

        async def receive() -> dict[str, Any]:
            part, more = next(parts)
            return {"type": "http.request", "body": part, "more_body": more}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
            "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
            "scheme": "http", "client": (address, 5), "server": ("127.0.0.1", 1),
            "headers": [(n.encode(), v.encode("utf-8")) for n, v in headers.items()],
        }  # fmt: skip
        await self.app(scope, receive, send)
        told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], told, b"".join(one.get("body", b"") for one in sent[1:])


@pytest.fixture(params=["sqlite", "postgres"])
def known(request: pytest.FixtureRequest) -> Iterator[Known]:
    fast = Path("/dev/shm")  # noqa: S108 - only a faster disk
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(dir=fast if fast.is_dir() else None) as name:
        folder = Path(name)
        if request.param == "sqlite":
            storage.make(folder)
            made = Known(folder, folder)
        else:
            cluster: Cluster = request.getfixturevalue("postgres")
            made = Known(folder, cluster.made())
        try:
            yield made
        finally:
            made.reader.close()
            made.server.database.close()
            logging.disable(logging.NOTSET)


def refusal(status: int, headers: dict[str, str], answer: bytes) -> str:
    """Check the shape of a refusal and give its code."""
    told = msgspec.msgpack.decode(answer)
    assert headers["content-type"] == "application/msgpack"
    assert set(told) == {"code", "params"}, told
    assert told["code"] in STATUS, told
    assert status == STATUS[told["code"]] < 500, (status, told)
    assert all(isinstance(one, str | int) for one in told["params"].values()), told
    return str(told["code"])


async def one_sync(known: Known, number: int, seen: Counter[str]) -> None:
    """Send one wrong request to `/v1/sync` and look at everything."""
    draw = random.Random(number)
    client, message = known.client, known.valid()
    mode = number % 6
    body = pack(mutated(draw, message)) if mode < 3 else pack(message)
    headers = {}
    if mode == 3:
        body = bitten(draw, body)
    if mode in {1, 4}:
        body = packed(draw, body)
        headers["content-encoding"] = "zstd"
    headers |= client.headers(body)
    proof = headers["authorization"]
    if mode == 5:
        headers["authorization"] = proved(draw, proof)
    before = known.state()
    status, told, answer = await known.ask("/v1/sync", body, headers)
    if status == 200:
        # What was changed did not matter: a field that nobody knows, or the same value again.
        receipt = msgspec.msgpack.decode(answer, type=SyncAnswer).receipt
        ((client.head,),) = known.reader.rows(
            "SELECT head FROM devices WHERE id = ?", client.device
        )
        assert receipt.head == client.head
        assert receipt.seq >= client.seq
        client.seq = receipt.seq
        seen["taken"] += 1
        return
    code = refusal(status, told, answer)
    seen[code] += 1
    assert known.state() == before, "a refused request changed something"
    if headers["authorization"] == proof:
        assert known.last() == {"what": "refused", "code": code, "device": client.device}


async def one_enrolment(known: Known, number: int, seen: Counter[str]) -> None:
    """Send one wrong request to `/v1/enrol`."""
    draw = random.Random(number)
    message = {"code": "AAAABBBBCCCCDDDD-0123456789abcdef", "public": bytes(32), "name": "PC"}
    body = pack(mutated(draw, message)) if number % 3 else bitten(draw, pack(message))
    before = known.state()
    address = f"198.51.100.{number // 20 % 250}.{number // 5000}"
    status, told, answer = await known.ask("/v1/enrol", body, {}, address)
    seen[refusal(status, told, answer)] += 1
    assert known.state() == before, "a refused enrolment changed something"


@pytest.mark.timeout(7200 if FULL else 900)
def test_no_request_brings_it_out_of_step(known: Known) -> None:
    seen: Counter[str] = Counter()

    async def all_of_them() -> None:
        for number in range(known.cases):
            one = one_enrolment if number % 7 == 6 else one_sync
            try:
                await one(known, number, seen)
            except BaseException:
                print(f"case {number}")  # noqa: T201 - by which it is found again
                raise

    asyncio.run(all_of_them())
    print(f"{known.cases}: {dict(seen)}")  # noqa: T201 - the figures of docs/sync-faults.md
    assert auditing.verify(known.server.database).intact
    assert {"sync.malformed", "sync.chain", "sync.signature", "enrol.code", "taken"} <= set(seen)
    client = known.client
    last = client.send(pack(known.valid()))
    assert last.receipt.seq == client.seq + 2


SAID = {
    "permit-asked": PermitAsked, "permit-decided": PermitDecided, "permit-withdrawn": PermitNamed,
    "permit-revoked": PermitNamed, "permit-reported": PermitReported, "permit-noted": NotedTold,
    "permit-confirmed": NotedJudged, "standing-decided": StandingSaid,
    "review-offered": ReviewOffered, "review-withdrawn": ReviewWithdrawn,
    "review-judged": ReviewJudged, "review-answered": ReviewAnswered,
    "register-said": RegisterSaid, "register-stocktaken": StockTaken,
}  # fmt: skip
WORDS = {
    "since": "2026-01-01", "until": "2026-12-31", "articles": ["13"], "actions": ["provide"],
    "digests": ["ab" * 32], "label": "C2I1A1", "labels": ["C2I1A1"], "at": "2026-11-18T09:00:00Z",
    "measure": "encryption", "answer": "yes", "blanket": "",
}  # fmt: skip


def made(draw: random.Random, kind: type, name: str = "") -> Any:
    """Make something of a type, as its fields' names ask for; ids are few, so that they meet."""
    if name in WORDS:
        return WORDS[name]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind)
        return {one: made(draw, hints[one], one) for one in kind.__struct_fields__}
    origin, of = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return [made(draw, of[0])]
    if of:  # one of several
        return made(draw, of[0], name)
    simple = {int: draw.randrange(1, 4), bool: draw.random() < 0.5, bytes: SEALED}
    return simple.get(kind, f"id{draw.randrange(4)}")


async def one_said(known: Known, number: int, seen: Counter[str]) -> None:
    """Let a device say something that is nearly right: kept in its log, done or told why not."""
    draw = random.Random(number)
    client = known.client
    kind = sorted(SAID)[number % len(SAID)]
    said = made(draw, SAID[kind])
    body = pack(said if number % 5 == 0 else mutated(draw, said))
    body = bitten(draw, body) if number % 11 == 0 else body
    whole = msgspec.msgpack.encode({"at": "", "said": body[:60_000]})
    event = follow(client.seq, client.head, kind, 1, whole)
    request = client.request(event)
    status, _, answer = await known.ask("/v1/sync", request, client.headers(request))
    assert status == 200, (kind, answer)
    client.seq, client.head = event.seq, event.hash
    outcome = known.reader.rows(
        "SELECT body FROM mail WHERE kind = 'outcome' AND id = ?", f"{client.device}:{event.seq}"
    )
    code = msgspec.msgpack.decode(outcome[0][0])["code"] if outcome else "done"
    assert re.fullmatch(r"[a-z.-]{4,40}", code), code
    seen[code] += 1


@pytest.mark.timeout(7200 if FULL else 900)
def test_nothing_that_is_said_stops_a_log(known: Known) -> None:
    missing = set(applying.HANDLERS) - set(SAID)
    assert not missing, missing
    seen: Counter[str] = Counter()

    async def all_of_them() -> None:
        for number in range(known.cases // 3):
            try:
                await one_said(known, number, seen)
            except BaseException:
                print(f"case {number}")  # noqa: T201 - by which it is found again
                raise

    asyncio.run(all_of_them())
    print(f"{known.cases // 3}: {dict(seen)}")  # noqa: T201 - the figures of docs/sync-faults.md
    assert auditing.verify(known.server.database).intact
    assert {"sync.not-understood", "permit.malformed", "done"} <= set(seen)


FIELDS = ("device", "kind", "topic", "name", "code", "proof")


@pytest.mark.parametrize("field", FIELDS)
def test_words_of_other_languages_are_words(known: Known, field: str) -> None:
    """SQL, headers, templates, paths: kept as they came, or refused; never carried out."""
    client = known.client
    schema = known.reader.schema()
    for number, words in enumerate(INJECTIONS):
        message, before = known.valid(), known.state()
        if field in {"name", "code"}:
            code = people.new_code(known.server.database, "y1", "0" * 16, NOW).code
            asked = {"code": code, "public": secrets.token_bytes(32), "name": "PC"} | {field: words}
            before = known.state()
            address = f"203.0.113.{number}"
            status, told, answer = asyncio.run(known.ask("/v1/enrol", pack(asked), {}, address))
            assert status == 200 if field == "name" else refusal(status, told, answer)
            if status == 200:
                made = msgspec.msgpack.decode(answer)["device"]
                ((kept,),) = known.reader.rows("SELECT name FROM devices WHERE id = ?", made)
                assert kept.isprintable()
                assert kept == "".join(one for one in words if one.isprintable())[:100]
                continue
        elif field == "proof":
            headers = client.headers(pack(message))
            parts = headers["authorization"].split(" ")
            parts[number % 5] = words
            headers = {"authorization": " ".join(parts)}
            assert refusal(*asyncio.run(known.ask("/v1/sync", pack(message), headers)))
        else:
            if field == "device":
                message["device"] = words
            elif field == "topic":
                message["cursors"] = {words: 3}
            else:
                one = follow(client.seq, client.head, words, 1, b"\x80")
                message["events"] = [msgspec.to_builtins(one, builtin_types=(bytes,))]
            body = pack(message)
            status, told, answer = asyncio.run(known.ask("/v1/sync", body, client.headers(body)))
            if status == 200:
                receipt = msgspec.msgpack.decode(answer, type=SyncAnswer).receipt
                client.seq, client.head = receipt.seq, receipt.head
                if field == "kind":
                    ((kept,),) = known.reader.rows(
                        "SELECT kind FROM events WHERE device = ? AND seq = ?",
                        client.device, client.seq,
                    )  # fmt: skip
                    assert kept == words
                continue
            refusal(status, told, answer)
        assert known.state() == before
    assert known.reader.schema() == schema
    assert auditing.verify(known.server.database).intact


@pytest.mark.parametrize(
    ("path", "code"),
    [("/v1/sync", "http.method"), ("/v1/enrol", "http.method"), ("/", "http.path"),
     ("/v1/nowhere", "http.path"), ("/v1/sync/../enrol", "http.path"), ("/\r\nA: b", "http.path")],
)  # fmt: skip
def test_what_is_not_there_is_refused_in_the_same_shape(known: Known, path: str, code: str) -> None:
    assert refusal(*asyncio.run(_get(known, path))) == code


def test_metrics_and_logs_carry_nothing_that_was_sent(
    known: Known, caplog: pytest.LogCaptureFixture
) -> None:
    logging.disable(logging.NOTSET)
    word = "秘密の題名"
    bodies = [pack({"protocol": 1, "device": word}), word.encode(), pack({word: word})]
    with caplog.at_level(logging.DEBUG, logger="meti_desk"):
        for body in bodies:
            asyncio.run(known.ask("/v1/sync", body, known.client.headers(body)))
            asyncio.run(known.ask("/v1/enrol", body, {}))
            asyncio.run(known.ask("/v1/sync", body, {"authorization": f"Meti {word} 1 00 00"}))
    status, _, figures = asyncio.run(_get(known, "/metrics"))
    assert status == 200
    assert word not in figures.decode()
    assert word not in caplog.text
    assert not known.reader.holds(word)
    assert known.reader.holds("政策課")


async def _get(known: Known, path: str) -> tuple[int, dict[str, str], bytes]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 1), "headers": [],
    }  # fmt: skip
    await known.app(scope, receive, send)
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(one.get("body", b"") for one in sent[1:])
