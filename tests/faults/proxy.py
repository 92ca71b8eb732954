"""A bad network: a TCP proxy that does to each connection what it is told, and counts it."""

import contextlib
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator

FAULTS = (
    "refused", "reset", "request cut", "request swallowed", "request slow", "answer cut",
    "answer dropped", "answer slow", "answer garbage", "replayed",
)  # fmt: skip
_RESET = struct.pack("ii", 1, 0)
_PATIENCE = 20.0
"""Seconds after which a side that says nothing has gone."""


class Proxy:
    """Listens on `port` and passes connections on to one of the `targets` in turn.

    `plan` names what happens to the next connections; afterwards all is well. A proxy carries one
    request a connection, as `sync.line` sends them. Whatever was passed wholly may be passed once
    more (`replayed`): the answer to the second is kept in `replies`.
    """

    def __init__(self, targets: Callable[[], list[int]], seed: int) -> None:
        self._targets = targets
        self._draw = random.Random(seed)
        self._lock = threading.Lock()
        self._turn = 0
        self.plan: list[str] = []
        self.happened: Counter[str] = Counter()
        self.replies: list[bytes] = []
        self._pause = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Give the address under which devices know the server."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Listen no more."""
        self._pause.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(_PATIENCE)

    def _accept(self) -> None:
        while True:
            try:
                held, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(held,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with self._lock:
            fault = self.plan.pop(0) if self.plan else ""
            self._turn += 1
        client.settimeout(_PATIENCE)
        with client, contextlib.suppress(OSError):
            self._carry(client, fault)
            if fault:
                self.happened[fault] += 1

    def _carry(self, client: socket.socket, fault: str) -> None:
        if fault == "refused":
            return
        if fault == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            return
        asked = _message(client)
        if fault == "request swallowed":
            return
        if fault == "request cut":
            with self._server() as server:
                server.sendall(asked[: self._draw.randrange(1, len(asked))])
            return
        pieces = _pieces(asked, 40) if fault == "request slow" else iter([asked])
        answer = self._exchange(pieces)
        if fault == "replayed":
            self.replies.append(self._exchange(iter([asked])))
        self._answer(client, answer, fault)

    def _answer(self, client: socket.socket, answer: bytes, fault: str) -> None:
        match fault:
            case "answer dropped":
                return
            case "answer cut":
                client.sendall(answer[: self._draw.randrange(1, max(2, len(answer)))])
            case "answer garbage":
                head, _, body = answer.partition(b"\r\n\r\n")
                client.sendall(head + b"\r\n\r\n" + self._draw.randbytes(len(body)))
            case "answer slow":
                for piece in _pieces(answer, 20):
                    client.sendall(piece)
                    self._pause.wait(0.01)
            case _:
                client.sendall(answer)

    @contextlib.contextmanager
    def _server(self) -> Iterator[socket.socket]:
        targets = self._targets()
        port = targets[self._turn % len(targets)]
        with socket.create_connection(("127.0.0.1", port), _PATIENCE) as server:
            yield server

    def _exchange(self, pieces: Iterator[bytes]) -> bytes:
        with self._server() as server:
            for number, piece in enumerate(pieces):
                server.sendall(piece)
                if number:
                    self._pause.wait(0.01)
            return _message(server)


def _pieces(whole: bytes, count: int) -> Iterator[bytes]:
    size = max(1, len(whole) // count)
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


def _message(held: socket.socket) -> bytes:
    """Read one HTTP message: its head, and as much body as that announces."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = held.recv(65536)
        if not part:
            raise ConnectionResetError
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(one.split(b":")[1]) for one in lines if one.startswith(b"content-len")), 0)
    while len(body) < length:
        part = held.recv(65536)
        if not part:
            raise ConnectionResetError
        body += part
    return head + b"\r\n\r\n" + body
