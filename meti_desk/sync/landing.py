"""Where the browser comes back to after a login: one visit to an address of this computer."""

import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

from meti_desk.domain.errors import EnvironmentProblem

_PATH = "/enrolled"
_SECONDS = 300.0
_SLICE = 0.2
"""Seconds after which it is asked again whether anybody waits."""
_PAGE = (
    "<!doctype html><html lang=ja><meta charset=utf-8><title>meti-desk</title>"
    "<p>この画面を閉じて、meti-desk に戻ってください。</p>"
    '<p lang="en">You can close this page and go back to meti-desk.</p></html>'
).encode()


class LoopbackLanding:
    """Listens on a free port of 127.0.0.1 until the browser has come back, or time is over.

    `show` opens an address for the person; `seconds` is how long to wait; `stopped` tells that the
    person waits no longer.
    """

    def __init__(
        self,
        show: Callable[[str], object],
        seconds: float = _SECONDS,
        *,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._show = show
        self._stopped = stopped
        self._seconds = seconds
        self._query: str | None = None
        self._server = HTTPServer(("127.0.0.1", 0), self._handler())

    @property
    def address(self) -> str:
        """Give the address; see `services.login.Landing`."""
        return f"http://127.0.0.1:{self._server.server_port}{_PATH}"

    def visited(self, login: str) -> str:
        """Open the login and give the query of the visit; see `services.login.Landing`."""
        self._show(login)
        end = time.monotonic() + self._seconds
        while self._query is None:
            left = end - time.monotonic()
            if left <= 0 or self._stopped():
                raise EnvironmentProblem("login.nobody")
            self._server.timeout = min(left, _SLICE)
            self._server.handle_request()
        return self._query

    def close(self) -> None:
        """Stop listening."""
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        landing = self

        class Visit(BaseHTTPRequestHandler):
            timeout = 10.0  # of a visitor who says nothing

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                right = parts.path == _PATH and landing._query is None
                if right:
                    landing._query = parts.query
                body = _PAGE if right else b""
                self.send_response(200 if right else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_all: object) -> None:
                """Say nothing: the path holds the code."""

        return Visit
