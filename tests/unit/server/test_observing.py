"""What is told of requests: figures and log lines without persons, and to whom they are shown."""

import asyncio
import io
import json
import logging
import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from meti_desk.server import keys, logs, people, storage, web
from meti_desk.server.counters import Counters
from meti_desk.server.logs import DeviceNames
from meti_desk.server.observing import troubles
from meti_desk.server.settings import Limits, Observe, Oidc, Proxy, Settings
from meti_desk.server.storage.schema import NEWEST
from meti_desk.server.syncing import Server
from meti_desk.server.web import application
from meti_desk.sync import login
from meti_desk.sync.wire import GENESIS, follow
from tests.unit.server.test_attacks import NOW, Client, call


def ask(
    app: Any, path: str, *, client: str = "127.0.0.1", headers: dict[str, str] | None = None
) -> tuple[int, str, dict[str, str]]:
    """Ask for a page as a browser on some address would."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "client": (client, 5), "server": ("127.0.0.1", 1),
        "headers": [(n.lower().encode(), v.encode()) for n, v in (headers or {}).items()],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    body = b"".join(one.get("body", b"") for one in sent[1:]).decode(errors="replace")
    return sent[0]["status"], body, told


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    storage.make(tmp_path)
    made = Server(storage.Database(tmp_path), keys.make(tmp_path))
    people.put_person(made.database, people.Person("y1", "山田太郎", "政策課"), NOW)
    yield made
    made.database.close()


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    held = {name: logging.getLogger(name) for name in ("meti_desk.server", "uvicorn", "psycopg")}
    before = {name: ([*one.handlers], one.propagate, one.level) for name, one in held.items()}
    stream = io.StringIO()
    logs.begin("info", stream)
    yield stream
    for name, one in held.items():
        one.handlers, one.propagate, level = before[name]
        one.setLevel(level)


def test_the_figures_tell_answers_times_and_what_is_held(server: Server) -> None:
    client = Client(server)
    assert client.send(client.request(*client.events(3))).receipt.seq == 3
    assert client.send(b"rubbish").code == "sync.malformed"
    status, text, _ = ask(client.app, "/metrics")
    assert status == 200
    told = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert told['meti_desk_answers_total{path="/v1/sync",code="ok"}'] == "1"
    assert told['meti_desk_answers_total{path="/v1/sync",code="sync.malformed"}'] == "1"
    assert told["meti_desk_events_total"] == told["meti_desk_events_held"] == "3"
    assert told['meti_desk_seconds_count{path="/v1/sync"}'] == "2"
    assert told['meti_desk_seconds_bucket{path="/v1/sync",le="+Inf"}'] == "2"
    assert told["meti_desk_downloads_total"] == "1"
    assert int(told['meti_desk_bytes_total{way="in"}']) > 0
    assert told["meti_desk_writer_queue"] == "0"
    assert "y1" not in text
    assert client.device not in text


def test_libraries_say_what_they_say_in_lines_of_the_log(lines: io.StringIO) -> None:
    logging.getLogger("psycopg").warning("error ignored terminating %r", "a connection")
    assert lines.getvalue() == ""  # the fault itself is told
    for name in ("uvicorn.error", "psycopg.pool"):
        logging.getLogger(name).error("it went wrong")
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert len(told) == 2


def test_a_histogram_only_grows_towards_its_end(server: Server) -> None:
    client = Client(server)
    for _ in range(5):
        client.send(client.request())
    _, text, _ = ask(client.app, "/metrics")
    counts = [
        int(line.rsplit(" ", 1)[1])
        for line in text.splitlines()
        if line.startswith('meti_desk_seconds_bucket{path="/v1/sync"')
    ]
    assert counts == sorted(counts)
    assert counts[-1] == 5


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_they_are_shown_to_this_computer_and_to_who_has_the_token(
    server: Server, path: str
) -> None:
    app = application(server, lambda: NOW, Settings(token="a-token"))
    assert ask(app, path)[0] == 200
    assert ask(app, path, client="192.0.2.7")[0] == 404
    bearer = {"Authorization": "Bearer a-token"}
    assert ask(app, path, client="192.0.2.7", headers=bearer)[0] == 200
    for wrong in ("Bearer a-toke", "Bearer ", "a-token", "Bearer a-token "):
        given = {"Authorization": wrong}
        assert ask(app, path, client="192.0.2.7", headers=given)[0] == 404
    # A proxy on this computer: everybody comes from loopback.
    assert ask(app, path, headers={"X-Forwarded-For": "192.0.2.7"})[0] == 404
    open_to_none = application(server, lambda: NOW)
    assert ask(open_to_none, path, client="192.0.2.7", headers={"Authorization": "Bearer "})[0]
    assert ask(open_to_none, path, client="192.0.2.7")[0] == 404


def test_what_keeps_it_from_work_is_named(server: Server) -> None:
    client = Client(server)
    client.send(client.request(*client.events(1)))
    database = server.database
    assert troubles(database, NOW) == []
    assert troubles(database, NOW - 11 * 60_000) == ["clock"]
    assert troubles(database, 5) == ["clock"]
    database.run("UPDATE alembic_version SET version_num = '9999'")
    assert troubles(database, NOW) == ["schema"]
    status, text, _ = ask(client.app, "/readyz")
    assert (status, text) == (503, "schema\n")
    database.run("UPDATE alembic_version SET version_num = ?", (NEWEST,))
    database.run("DROP TABLE devices")
    assert troubles(database, NOW) == ["database"]


def test_a_line_tells_the_request_and_never_the_person(server: Server, lines: io.StringIO) -> None:
    client = Client(server)
    client.send(client.request(*client.events(1)))
    client.send(b"rubbish")
    status, _, headers = ask(client.app, "/山田太郎?name=yamada", client="192.0.2.7")
    assert status == 404
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [one["code"] for one in told[:2]] == ["ok", "sync.malformed"]
    assert told[2]["path"] == "other"
    assert told[2]["request"] == headers["x-request-id"]
    assert told[0]["device"] == told[1]["device"] != client.device
    assert told[0]["ms"] >= 0
    assert told[0]["into"] > 0
    text = lines.getvalue()
    for secret in ("y1", "山田", "yamada", "192.0.2.7", client.device, "政策課"):
        assert secret not in text


def test_the_name_of_a_device_changes_every_day_and_is_one_for_all_processes(
    server: Server, tmp_path: Path
) -> None:
    one, other = DeviceNames(server.key), DeviceNames(keys.load(tmp_path))
    day = 86_400_000
    assert one.name("d1", NOW) == other.name("d1", NOW) != one.name("d2", NOW)
    assert one.name("d1", NOW) != one.name("d1", NOW + day)
    (tmp_path / "another").mkdir()
    third = DeviceNames(keys.make(tmp_path / "another"))
    assert third.name("d1", NOW) != one.name("d1", NOW)
    assert one.name("", NOW) == ""


def test_what_an_exception_says_is_left_out(lines: io.StringIO) -> None:
    logger = logging.getLogger("meti_desk.server")
    logger.error("failed", exc_info=ValueError("山田太郎 の 秘密"))
    (told,) = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert (told["error"], told["text"], told["level"]) == ("ValueError", "failed", "error")
    assert "山田" not in lines.getvalue()


def test_who_comes_too_often_is_asked_to_wait(server: Server) -> None:
    client, other = Client(server), Client(server)
    limits = Limits(device_rate=0.5, device_burst=3, address_rate=0, address_burst=1)
    app = application(server, lambda: NOW, Settings(limits=limits))
    client.app = other.app = app
    for _ in range(3):
        assert client.send(client.request()).receipt.seq == 0
    refused = client.send(client.request())
    assert (refused.code, refused.params) == ("rate.limited", {"retry": 2})
    # Others are not concerned; and nobody can use up what is another's without its key.
    for _ in range(5):
        assert client.send(client.request(), other.headers(b"x")).code == "sync.signature"
    assert other.send(other.request()).receipt.seq == 0


def test_an_address_has_its_limit_also_behind_a_proxy(server: Server) -> None:
    limits = Limits(device_rate=0, address_rate=0.1, address_burst=2)
    proxy = Proxy(addresses=("192.0.2.0/24",))
    app = application(server, lambda: NOW, Settings(limits=limits, proxy=proxy))

    def code(forwarded: str) -> str:
        headers = {"x-forwarded-for": forwarded} if forwarded else {}
        return str(msgspec.msgpack.decode(call(app, "/v1/sync", b"", headers)[1])["code"])

    first = [code("198.51.100.1") for _ in range(3)]
    assert first == ["sync.malformed", "sync.malformed", "rate.limited"]
    # What the sender itself wrote in front does not make it another.
    assert code("203.0.113.9, 198.51.100.1") == "rate.limited"
    assert code("198.51.100.1, 192.0.2.9") == "rate.limited"
    assert code("198.51.100.2") == "sync.malformed"
    assert code("no address") == "sync.malformed"


def test_one_that_is_no_proxy_is_not_believed(server: Server) -> None:
    limits = Limits(device_rate=0, address_rate=0.1, address_burst=1)
    app = application(server, lambda: NOW, Settings(limits=limits, observe=Observe()))
    codes = [
        msgspec.msgpack.decode(call(app, "/v1/sync", b"", {"x-forwarded-for": f"10.0.0.{n}"})[1])
        for n in range(3)
    ]
    assert [one["code"] for one in codes] == ["sync.malformed", "rate.limited", "rate.limited"]


@pytest.mark.parametrize("path", [login.BEGIN, login.FINISH, "/v1/proxy/enrol"])
def test_whatever_way_to_enrol_is_tried_a_few_times_only(server: Server, path: str) -> None:
    given = Settings(
        oidc=Oidc(issuer="http://127.0.0.1:1", client_id="x"),
        proxy=Proxy(addresses=("192.0.2.0/24",), person_header="x-person"),
    )
    app = application(server, lambda: NOW, given)

    def code(address: str) -> str:
        headers = {"x-forwarded-for": address}
        return str(msgspec.msgpack.decode(call(app, path, b"rubbish", headers)[1])["code"])

    refused = "proxy.refused" if path == "/v1/proxy/enrol" else "enrol.malformed"
    codes = [code("198.51.100.1") for _ in range(30)]
    assert codes[:20] == [refused] * 20
    assert codes[-1] == "rate.limited"
    assert code("198.51.100.2") == refused
    assert [one for one in server.database.entries() if b"rate" in one.what] == []


def test_health_is_asked_of_the_database_once_in_a_while(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = application(server, lambda: NOW)
    monkeypatch.setattr(web, "_HEALTHY", 1e9)
    assert ask(app, "/healthz", client="192.0.2.7")[:2] == (200, "ok\n")
    server.database.run("DROP TABLE devices")
    assert ask(app, "/healthz", client="192.0.2.7")[:2] == (200, "ok\n")
    monkeypatch.setattr(web, "_HEALTHY", 0.0)
    assert ask(app, "/healthz", client="192.0.2.7")[:2] == (503, "database\n")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/elsewhere"])
def test_every_page_has_the_limit_of_the_address(server: Server, path: str) -> None:
    limits = Limits(address_rate=0.1, address_burst=2)
    app = application(server, lambda: NOW, Settings(limits=limits))
    assert 429 not in [ask(app, path)[0] for _ in range(2)]
    assert ask(app, path)[0] == 429
    assert ask(app, path, client="192.0.2.7")[0] != 429


def test_each_of_several_processes_names_its_own_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "parent_process", object)
    held = Counters()
    held.answered("/v1/sync", "ok")
    held.timed("/v1/sync", 0.02, into=1, out=1)
    own = f'process="{os.getpid()}"'
    lines = [line for line in held.text({"people": 3}).splitlines() if not line.startswith("#")]
    assert [line for line in lines if own not in line] == ["meti_desk_people 3"]
    assert f'meti_desk_seconds_count{{{own},path="/v1/sync"}} 1' in lines


def test_what_a_device_says_of_its_person_changes_nothing(server: Server) -> None:
    claims = {"role": "office responsible", "unit": "総務課", "person": "k1", "posts": ["x"]}
    app = application(server, lambda: NOW)
    code = people.new_code(server.database, "y1", server.key.fingerprint, NOW).code
    asked = {"code": code, "public": bytes(range(32)), "name": "PC", **claims}
    status, answer = call(app, "/v1/enrol", msgspec.msgpack.encode(asked), {})
    assert (status, msgspec.msgpack.decode(answer)["person"]) == (200, "y1")
    client = Client(server)
    body = msgspec.msgpack.decode(client.request()) | claims
    assert client.send(msgspec.msgpack.encode(body)).receipt.seq == 0
    facts = {"at": "", "facts": claims, "person": "k1", "role": "office", "said": b""}
    event = follow(0, GENESIS, "classify", 1, msgspec.msgpack.encode(facts))
    assert client.send(client.request(event)).receipt.seq == 1
    assert server.database.run("SELECT id, unit, role FROM people") == [("y1", "政策課", "staff")]
    assert set(server.database.run("SELECT person FROM devices")) == {("y1",)}
