"""Words that mean something elsewhere, sent to either engine: kept as they came, or refused."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from meti_desk.server import auditing, keys, people, storage
from meti_desk.server.refusal import STATUS
from meti_desk.server.storage import Place
from meti_desk.server.syncing import Server
from meti_desk.sync.wire import ErrorAnswer, EventBody, SyncAnswer, follow
from tests.unit.server.fuzzing import INJECTIONS
from tests.unit.server.ministry import ask
from tests.unit.server.test_attacks import NOW, Client, call


@pytest.fixture
def client(place: Place, tmp_path: Path) -> Iterator[Client]:
    server = Server(storage.Database(place), keys.make(tmp_path))
    head = people.Person("b1", "田中", "政策課", role="responsible")
    people.put_people(server.database, (people.Person("y1", "山田", "政策課"), head), NOW)
    made = Client(server)
    yield made
    assert auditing.verify(server.database).intact
    assert server.database.run("SELECT count(*) FROM people") == [(2,)]
    server.database.close()


def test_kinds_of_events(client: Client) -> None:
    for words in INJECTIONS:
        event = follow(client.seq, client.head, words, 1, b"\x80")
        told = client.send(client.request(event))
        if isinstance(told, SyncAnswer):
            client.seq, client.head = event.seq, event.hash
            ask_ = "SELECT kind FROM events WHERE device = ? AND seq = ?"
            assert client.server.database.run(ask_, (client.device, event.seq)) == [(words,)]
        else:
            assert STATUS[told.code] < 500, (words, told.code)
    assert client.send(client.request(*client.events(1))).receipt.seq == client.seq


def test_devices_topics_and_proofs(client: Client) -> None:
    for words in INJECTIONS:
        for more in ({"device": words}, {"cursors": {words: 3}}, {"opening": words.encode()}):
            told = client.send(client.request(**more))
            assert isinstance(told, SyncAnswer) or STATUS[told.code] < 500, (words, more)
        body = client.request()
        headers = {"authorization": client.headers(body)["authorization"].replace("Meti", words)}
        assert client.send(body, headers).code == "sync.malformed"
        parts = client.headers(body)["authorization"].split(" ")
        told = client.send(body, {"authorization": " ".join([parts[0], words, *parts[2:]])})
        assert told.code in {"sync.malformed", "sync.unknown-device"}


def test_names_and_codes_of_an_enrolment(client: Client) -> None:
    database = client.server.database
    for words in INJECTIONS:
        good = people.new_code(database, "y1", "0" * 16, NOW).code
        for asked in ({"code": words, "name": "PC"}, {"code": good, "name": words}):
            whole = msgspec.msgpack.encode({"public": secrets.token_bytes(32)} | asked)
            status, answer = call(client.app, "/v1/enrol", whole, {})
            if status != 200:
                told = msgspec.msgpack.decode(answer, type=ErrorAnswer)
                assert status == STATUS[told.code] < 500, (words, told)
    assert people.devices(database, "y1")


def test_what_is_said_of_permits(client: Client) -> None:
    for number, given in enumerate(INJECTIONS):
        words = given[:20_000]
        for more in (
            {"recipients": (words,)}, {"blanket": words, "digests": ()}, {"restrictions": (words,)},
            {"documents": (words,)}, {"labels": (words,)},
        ):  # fmt: skip
            told = ask(f"p{number}-{secrets.token_hex(3)}", **more)
            body = msgspec.msgpack.encode(EventBody(said=msgspec.msgpack.encode(told)))
            event = follow(client.seq, client.head, "permit-asked", 1, body)
            assert client.send(client.request(event)).receipt.seq == event.seq, (words, more)
            client.seq, client.head = event.seq, event.hash
