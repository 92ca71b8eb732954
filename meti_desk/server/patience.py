"""How long and how large a request may be before its body: nobody holds a connection for nothing.

Uvicorn waits without end for the head of a request, and its fast parser takes heads of any size:
a few thousand connections that send one byte a minute would be enough to lock everybody out.
Bodies have bounds of their own in `server.answering`.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 20.0
"""In which the head of a request has to be here, from the connection or its first byte on."""
MOST_HEAD = 16 << 10
"""Bytes of a head; ours is below 1 KiB, proxies add some."""


class PatientProtocol(HttpToolsProtocol):
    """Uvicorn's protocol that closes a connection whose head does not come, or does not end."""

    _watch: asyncio.TimerHandle | None = None
    _head = 0
    _heading = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the parent
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take bytes; between two requests they begin the next head."""
        if self._between():
            self._head += len(data)
            self._heading = True
            # Of a head that ends within these bytes the rest is body, which `answering` bounds.
            if self._head - len(data) > MOST_HEAD:
                self.transport.close()
                return
        super().data_received(data)
        # Nearly always the head is there at once: it is watched only where more of it has to come.
        if self._heading and self._watch is None and not self.transport.is_closing():
            self._wait()

    def on_headers_complete(self) -> None:
        """Stop waiting: a whole head is here."""
        self._rest()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting: nobody is there."""
        self._rest()
        super().connection_lost(exc)

    def _between(self) -> bool:
        cycle: Any = self.cycle
        return cycle is None or bool(cycle.response_complete)

    def _wait(self) -> None:
        self._watch = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _rest(self) -> None:
        self._head, self._heading = 0, False
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
