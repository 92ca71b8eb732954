"""What the server refuses, in one shape, recorded, and without a trace in a device's log."""

import asyncio
import hashlib
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meti_desk.server import auditing, commands, keys, people, storage
from meti_desk.server.syncing import WINDOW, Server
from meti_desk.server.web import application
from meti_desk.sync.wire import (
    GENESIS,
    MOST_BODY,
    ErrorAnswer,
    SyncAnswer,
    SyncRequest,
    WireEvent,
    follow,
    receipt_message,
    request_message,
)

NOW = 1_790_000_000_000


class Client:
    """A device that may lie about anything."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.app = application(server, lambda: NOW)
        self.private = Ed25519PrivateKey.generate()
        public = self.private.public_key().public_bytes_raw()
        code = people.new_code(server.database, "y1", server.key.fingerprint, NOW)
        self.device = people.enrol(server.database, code.code, public, "PC", NOW).id
        self.seq, self.head = 0, GENESIS

    def events(self, count: int) -> tuple[WireEvent, ...]:
        made = []
        for number in range(count):
            made.append(follow(self.seq, self.head, "classify", 1, b"%d" % number))
            self.seq, self.head = made[-1].seq, made[-1].hash
        return tuple(made)

    def request(self, *events: WireEvent, **more: Any) -> bytes:
        asked = SyncRequest(protocol=1, device=self.device, head_seq=0, head=GENESIS, events=events)
        return msgspec.msgpack.encode(msgspec.structs.replace(asked, **more))

    def headers(self, body: bytes, **more: Any) -> dict[str, str]:
        told = {"device": self.device, "time": NOW, "nonce": secrets.token_bytes(16)} | more
        message = request_message(
            "POST", told.get("path", "/v1/sync"), told["device"], told["time"], told["nonce"], body
        )
        signature = told.get("by", self.private).sign(message).hex()
        proof = f"Meti {told['device']} {told['time']} {told['nonce'].hex()} {signature}"
        return {"authorization": proof}

    def send(self, body: bytes, headers: dict[str, str] | None = None) -> Any:
        status, answer = call(self.app, "/v1/sync", body, headers or self.headers(body))
        if status == 200:
            return msgspec.msgpack.decode(answer, type=SyncAnswer)
        refused = msgspec.msgpack.decode(answer, type=ErrorAnswer)
        assert 400 <= status < 600
        return refused


def call(app: Any, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    """Ask an application once, without a network."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "client": ("192.0.2.7", 5), "server": ("127.0.0.1", 1),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:])


@pytest.fixture
def server(place: storage.Place, tmp_path: Path) -> Iterator[Server]:
    made = Server(storage.Database(place), keys.make(tmp_path))
    people.put_person(made.database, people.Person("y1", "山田太郎", "政策課"), NOW)
    yield made
    assert auditing.verify(made.database).intact
    made.database.close()


@pytest.fixture
def client(server: Server) -> Client:
    return Client(server)


def held(client: Client) -> int:
    return int(client.server.database.run("SELECT count(*) FROM events")[0][0])


def test_what_is_sent_twice_is_held_once_and_receipted(client: Client) -> None:
    body = client.request(*client.events(3))
    for _ in range(2):
        receipt = client.send(body).receipt
        assert (receipt.seq, receipt.head) == (3, client.head)
        public = Ed25519PublicKey.from_public_bytes(client.server.key.public)
        public.verify(receipt.signature, receipt_message(receipt))
    assert held(client) == 3


def test_a_copied_request_is_refused(client: Client) -> None:
    body = client.request(*client.events(1))
    headers = client.headers(body)
    assert client.send(body, headers).receipt.seq == 1
    assert client.send(body, headers).code == "sync.replayed"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"device": "0" * 32}, "sync.unknown-device"),
        ({"by": Ed25519PrivateKey.generate()}, "sync.signature"),
        ({"path": "/v1/enrol"}, "sync.signature"),
        ({"nonce": b"short"}, "sync.signature"),
        ({"time": NOW + WINDOW + 1}, "sync.clock"),
        ({"time": NOW - 365 * 86_400_000}, "sync.clock"),
    ],
)
def test_who_cannot_prove_who_he_is_gets_nowhere(
    client: Client, more: dict[str, Any], code: str
) -> None:
    body = client.request(*client.events(1))
    refused = client.send(body, client.headers(body, **more))
    assert refused.code == code
    assert refused.params == ({"now": NOW} if code == "sync.clock" else {})
    assert held(client) == 0


def test_a_signature_does_not_serve_for_another_body(client: Client) -> None:
    body = client.request(*client.events(1))
    assert client.send(client.request(), client.headers(body)).code == "sync.signature"


def test_a_device_cannot_speak_for_another(client: Client) -> None:
    other = Client(client.server)
    body = client.request(*client.events(1), device=other.device)
    assert client.send(body).code == "sync.malformed"
    assert held(client) == 0


def test_a_log_is_taken_whole_or_not_at_all(client: Client) -> None:
    first, second, third = client.events(3)
    assert client.send(client.request(first, third)).code == "sync.gap"
    assert held(client) == 0
    assert client.send(client.request(first)).receipt.seq == 1
    forged = follow(0, GENESIS, "classify", 1, b"another history")
    refused = client.send(client.request(forged))
    assert (refused.code, refused.params) == ("sync.forked", {"seq": 1})
    broken = WireEvent(2, "classify", 1, b"x", first.hash, second.hash)
    assert client.send(client.request(broken)).code == "sync.chain"
    assert client.send(client.request(second, third)).receipt.seq == 3


def test_too_much_at_once_is_refused(client: Client) -> None:
    large = follow(0, GENESIS, "classify", 1, bytes(MOST_BODY + 1))
    assert client.send(client.request(large)).code == "sync.too-large"
    assert client.send(bytes(3 << 20)).code == "sync.too-large"
    bomb = zstandard.ZstdCompressor().compress(bytes(1 << 28))
    assert len(bomb) < 1 << 20
    headers = client.headers(bomb) | {"content-encoding": "zstd"}
    assert client.send(bomb, headers).code == "sync.malformed"


def test_refusals_are_recorded_without_what_was_sent(client: Client) -> None:
    body = client.request(*client.events(1))
    client.send(body, client.headers(body, by=Ed25519PrivateKey.generate()))
    told = [msgspec.msgpack.decode(one.what) for one in client.server.database.entries()]
    assert told[-1] == {"what": "refused", "code": "sync.signature", "device": client.device}


def test_codes_are_tried_a_few_times_only(client: Client) -> None:
    asked = {"code": "AAAA-BBBB", "public": bytes(32), "name": "x"}
    codes = []
    for _ in range(25):
        status, answer = call(client.app, "/v1/enrol", msgspec.msgpack.encode(asked), {})
        codes.append((status, msgspec.msgpack.decode(answer, type=ErrorAnswer).code))
    assert codes[0] == (403, "enrol.code")
    assert codes[-1] == (429, "rate.limited")


def test_an_expired_code_makes_no_device(client: Client) -> None:
    database = client.server.database
    code = people.new_code(database, "y1", client.server.key.fingerprint, NOW - 8 * 86_400_000)
    with pytest.raises(Exception, match=r"enrol\.code"):
        people.enrol(database, code.code, bytes(32), "PC", NOW)
    people.put_person(database, people.Person("y1", active=False), NOW)
    with pytest.raises(Exception, match=r"server\.person"):
        people.new_code(database, "y1", "0", NOW)


@settings(max_examples=150, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.binary(max_size=300), st.text(max_size=80).filter(lambda t: "\n" not in t))
def test_rubbish_is_answered_in_one_shape(client: Client, body: bytes, proof: str) -> None:
    headers = {"authorization": "Meti " + proof.encode("ascii", "ignore").decode()}
    assert client.send(body, headers).code in {"sync.malformed", "sync.unknown-device"}
    signed = client.headers(body) | {"content-encoding": "zstd"}
    assert client.send(body, signed).code == "sync.malformed"
    assert hashlib.sha256(body).digest()


def test_what_a_database_was_made_by_is_asked(tmp_path: Path) -> None:
    storage.make(tmp_path)
    database = storage.Database(tmp_path)
    database.run("PRAGMA user_version = 9")
    database.close()
    with pytest.raises(Exception, match=r"server\.version"):
        storage.Database(tmp_path)
    with pytest.raises(Exception, match=r"server\.exists"):
        storage.make(tmp_path)
    with pytest.raises(Exception, match=r"server\.missing"):
        storage.Database(tmp_path / "nowhere")


def test_text_that_is_no_utf8_and_numbers_too_large_are_refused_as_any_other(
    client: Client,
) -> None:
    for body in (b"\x81\xa4code\xa2\xff\xfe", b"\x81\xa1x" + b"\x91" * 9000 + b"\xc0"):
        status, answer = call(client.app, "/v1/enrol", body, {})
        assert (status, msgspec.msgpack.decode(answer)["code"]) == (400, "enrol.malformed")
    for kind, version in (("classify", (1 << 64) - 1), ("classify", -1), ("k" * 65, 1)):
        event = follow(0, GENESIS, kind, version, b"x")
        assert client.send(client.request(event)).code == "sync.malformed"
    assert held(client) == 0
    assert client.send(client.request(*client.events(1))).receipt.seq == 1


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_database_that_cannot_write_asks_to_come_again_and_recovers(client: Client) -> None:
    database, body = client.server.database, client.request(*client.events(2))
    path = database.run("PRAGMA database_list")[0][2]
    database.run("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert call(client.app, "/v1/sync", body, client.headers(body))[0] == 503
        assert client.send(body).code == "sync.busy"
        other.execute("ROLLBACK")
    (pages,) = database.run("PRAGMA page_count")[0]
    database.run(f"PRAGMA max_page_count = {pages}")
    large = client.request(*client.events(0), *_large(client, 3))
    assert client.send(large).code == "sync.busy"
    database.run("PRAGMA max_page_count = 1000000")
    assert held(client) == 0
    assert client.send(body).receipt.seq == 2


def _large(client: Client, count: int) -> list[WireEvent]:
    seq, head, made = 0, GENESIS, []
    for _ in range(count):
        made.append(follow(seq, head, "classify", 1, secrets.token_bytes(MOST_BODY)))
        seq, head = made[-1].seq, made[-1].hash
    return made


def test_what_was_not_foreseen_is_answered_in_the_same_shape(client: Client) -> None:
    client.server.database.run("DROP TABLE nonces")
    assert client.send(client.request()).code == "sync.busy"
    client.server.key = None  # type: ignore[assignment] # a fault of the program
    asked = {"code": "AAAA", "public": "no bytes", "name": "x"}
    status, answer = call(client.app, "/v1/enrol", msgspec.msgpack.encode(asked), {})
    assert (status, msgspec.msgpack.decode(answer)["code"]) == (400, "enrol.malformed")
    code = people.new_code(client.server.database, "y1", "0" * 16, NOW).code
    asked = {"code": code, "public": bytes(32), "name": "x"}
    status, answer = call(client.app, "/v1/enrol", msgspec.msgpack.encode(asked), {})
    assert (status, msgspec.msgpack.decode(answer)) == (
        500, {"code": "server.failed", "params": {}},
    )  # fmt: skip


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_an_audit_sees_one_moment_and_survives_what_was_forged(client: Client, place: Path) -> None:
    assert client.send(client.request(*client.events(1))).receipt.seq == 1
    reader = storage.Database(place)
    with reader.snapshot():
        assert [*reader.entries()]
        assert client.send(client.request(*client.events(1))).receipt.seq == 2
        assert reader.run("SELECT last_seq FROM devices") == [(1,)]
    assert auditing.verify(reader).intact
    with closing(sqlite3.connect(place / storage.DATABASE)) as forger, forger:
        (kept,) = forger.execute("SELECT what FROM chain WHERE entry = 2").fetchone()
        trigger = "SELECT sql FROM sqlite_master WHERE name = 'chain_unchanged'"
        (again,) = forger.execute(trigger).fetchone()
        forger.execute("DROP TRIGGER chain_unchanged")
        forger.execute("UPDATE chain SET what = x'c1' WHERE entry = 2")
    assert auditing.verify(reader).bad_entry == 2
    with closing(sqlite3.connect(place / storage.DATABASE)) as forger, forger:
        forger.execute("UPDATE chain SET what = ? WHERE entry = 2", (kept,))
        forger.execute(again)
    reader.close()


def test_the_folder_counts_before_and_behind_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert commands.main(["--json", "--data", str(first), "init"]) == 0
    assert capsys.readouterr().out.startswith("{")
    assert commands.main(["init", "--data", str(second), "--json"]) == 0
    assert (first / storage.DATABASE).is_file()
    assert (second / storage.DATABASE).is_file()


def test_a_directory_is_taken_whole_or_not_at_all_and_as_excel_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    storage.make(tmp_path)
    keys.make(tmp_path)
    staff = tmp_path / "staff.csv"
    head = "id,name,unit,mail,role\n"
    for rows in ("y1,山田太郎,政策課,a@b,staff\n,無名,課,c@d,staff\n", "y1,山田太郎,政策課,a@b\n"):
        staff.write_text(head + rows, encoding="utf-8")
        assert commands.main(["people", str(staff), "--data", str(tmp_path)]) == 5
    staff.write_text(head + "y1,山田太郎,政策課,a@b,staff\n", encoding="cp932")
    assert commands.main(["people", str(staff), "--data", str(tmp_path)]) == 0
    with closing(sqlite3.connect(tmp_path / storage.DATABASE)) as held:
        assert held.execute("SELECT id, name FROM people").fetchall() == [("y1", "山田太郎")]
    capsys.readouterr()
