"""Who sends slowly, without end, or goes away in the middle: nobody holds a connection for it."""

import contextlib
import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import uvicorn

from meti_desk.server import answering, auditing, keys, patience, people, storage
from meti_desk.server.patience import PatientProtocol
from meti_desk.server.syncing import Server
from meti_desk.server.web import application
from tests.unit.server.test_attacks import NOW, Client


class Running(uvicorn.Server):
    """The server in a thread of this process."""

    @contextlib.contextmanager
    def served(self) -> Iterator[int]:
        thread = threading.Thread(target=self.run)
        thread.start()
        try:
            while not self.started:
                assert thread.is_alive()
                thread.join(0.01)
            yield self.servers[0].sockets[0].getsockname()[1]
        finally:
            self.should_exit = True
            thread.join(30)
            assert not thread.is_alive()


@pytest.fixture
def ministry(tmp_path: Path) -> Server:
    storage.make(tmp_path)
    made = Server(storage.Database(tmp_path), keys.make(tmp_path))
    people.put_person(made.database, people.Person("y1", "山田太郎", "政策課"), NOW)
    return made


@pytest.fixture
def client(ministry: Server) -> Client:
    return Client(ministry)


@pytest.fixture
def port(ministry: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(answering, "BODY_SECONDS", 0.4)
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.4)
    config = uvicorn.Config(
        application(ministry, lambda: NOW), port=0, log_level="warning", access_log=False,
        http=PatientProtocol, loop="asyncio",
    )  # fmt: skip
    with Running(config).served() as port:
        yield port


@contextlib.contextmanager
def line(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), 20) as made:
        yield made


def rest(held: socket.socket) -> bytes:
    """Read until the other side closes."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := held.recv(65536):
            parts.append(part)
    return b"".join(parts)


def head(client: Client, body: bytes, length: int = 0) -> bytes:
    proof = client.headers(body)["authorization"]
    return (
        f"POST /v1/sync HTTP/1.1\r\nHost: x\r\nAuthorization: {proof}\r\n"
        f"Content-Length: {length or len(body)}\r\n\r\n"
    ).encode()


def test_a_body_that_does_not_end_in_time_is_refused_and_the_line_closed(
    port: int, client: Client
) -> None:
    body = client.request(*client.events(2))
    with line(port) as held:
        held.sendall(head(client, body) + body[:10])
        told = rest(held)
    assert told.startswith(b"HTTP/1.1 408 ")
    answer = msgspec.msgpack.decode(told.partition(b"\r\n\r\n")[2])
    assert answer == {"code": "sync.slow", "params": {}}
    assert client.send(body).receipt.seq == 2


@pytest.mark.parametrize("start", [b"", b"P", b"POST /v1/sync HTTP/1.1\r\nHost: x\r\n"])
def test_a_head_that_does_not_come_is_waited_for_in_vain(port: int, start: bytes) -> None:
    with line(port) as held:
        held.sendall(start)
        assert rest(held) == b""


def test_the_next_head_on_the_same_line_has_to_come_as_well(port: int, client: Client) -> None:
    body = client.request(*client.events(1))
    with line(port) as held:
        held.sendall(head(client, body) + body)
        told = held.recv(65536)
        assert told.startswith(b"HTTP/1.1 200 ")
        held.sendall(b"POST /v1/sync HTTP/1.1\r\nHo")
        assert b"HTTP/1.1" not in rest(held)


def test_a_head_without_end_is_not_read_to_its_end(port: int) -> None:
    with line(port) as held, contextlib.suppress(ConnectionError):
        held.sendall(b"POST /v1/sync HTTP/1.1\r\n")
        for number in range(100):
            held.sendall(b"X-%d: " % number + b"x" * 8000 + b"\r\n")
        assert rest(held) == b""


def test_a_body_that_is_announced_too_large_or_grows_is_refused_and_the_line_closed(
    port: int, client: Client
) -> None:
    with line(port) as held, contextlib.suppress(ConnectionError):
        held.sendall(head(client, b"", 1 << 40) + bytes(2 << 20))
        told = rest(held)
        assert told.startswith(b"HTTP/1.1 413 ")
        assert msgspec.msgpack.decode(told.partition(b"\r\n\r\n")[2])["code"] == "sync.too-large"


def test_who_goes_away_in_the_middle_leaves_nothing_behind(
    port: int, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    body = client.request(*client.events(2))
    with caplog.at_level(logging.WARNING):
        for part in (0, 1, len(body) // 2):
            with line(port) as held:
                held.sendall(head(client, body) + body[:part])
        assert client.send(body).receipt.seq == 2
        with line(port) as held:
            held.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert rest(held).endswith(b"ok\n")
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR], caplog.text


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"POST /v1/sync HTTP/9.9\r\n\r\n",
        b"POST /v1/sync HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 300\r\n\r\nabc",
        b"POST /v1/sync HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/sync HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        b"POST /v1/sync HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /v1/sync HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n",
        b"POST /v1/sync HTTP/1.1\r\nAuthorization: Meti\r\n evil: 1\r\nContent-Length: 0\r\n\r\n",
        b"POST /v1/sync HTTP/1.1\r\nAuth\x00orization: x\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /v1/sync%0d%0aSet-Cookie:a=b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST /v1/sync HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_and_the_next_one_served(
    port: int, client: Client, raw: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with line(port) as held, contextlib.suppress(ConnectionError):
        held.sendall(raw)
        held.shutdown(socket.SHUT_WR)
        told = rest(held)
        assert not told or 400 <= int(told.split(b" ")[1]) < 500, told
        assert b"Set-Cookie" not in told
        assert b"root:" not in told
    body = client.request(*client.events(1))
    with line(port) as held:
        held.sendall(head(client, body) + body)
        assert held.recv(65536).startswith(b"HTTP/1.1 200 ")
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR], caplog.text


def test_many_slow_ones_keep_nobody_out(port: int, client: Client) -> None:
    body = client.request(*client.events(1))
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(line(port)) for _ in range(100)]
        for one in held:
            one.sendall(head(client, body)[:40])
        with line(port) as good:
            good.sendall(head(client, body) + body)
            assert good.recv(65536).startswith(b"HTTP/1.1 200 ")
        assert [rest(one) for one in held] == [b""] * 100


def test_the_chain_holds_after_all(port: int, client: Client, ministry: Server) -> None:
    with line(port) as held:
        held.sendall(head(client, b"x") + b"x")
        assert held.recv(65536).startswith(b"HTTP/1.1 400 ")
    assert auditing.verify(ministry.database).intact
