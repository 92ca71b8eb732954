"""Around every request: its id, its time and sizes, its limits, and a line in the log.

`/healthz` tells that the process lives and reaches its database; `/readyz` whether it may be given
work: the tables are those of this program, and the clock can be right. `/readyz` and `/metrics`
answer this computer, and who sends the token of `server.toml`; nobody else learns of them.
"""

import hmac
import logging
import secrets
import time
from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meti_desk.server import logs
from meti_desk.server.answering import Answer, refused
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import Database, DatabaseFault
from meti_desk.server.storage.schema import NEWEST
from meti_desk.server.web import SYNC, Site

_PATHS = frozenset(
    {
        "/v1/enrol", "/v1/sync", "/v1/login/begin", "/v1/login/finish", "/v1/proxy/enrol",
        "/healthz", "/readyz", "/metrics",
    }
)  # fmt: skip
"""Paths that are told as they are; any other is `other`, for it is what somebody typed."""
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
_BACK = 10 * 60_000
"""Milliseconds by which the newest thing that is held may be ahead of the clock."""
_EARLIEST = 1_767_225_600_000
"""2026-01-01: a clock before that was never set."""
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Observed:
    """The layer around the application; one object for a process."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site
        self._names = logs.DeviceNames(site.server.key)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and tell of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = logs.Seen(secrets.token_hex(8))
        token = logs.SEEN.set(seen)
        began = time.monotonic()

        async def got() -> Message:
            message = await receive()
            seen.into += len(message.get("body", b""))
            return message

        try:
            if scope["path"] == SYNC and scope["method"] == "POST":
                await self._sync(scope, got, send, seen)
            else:
                await self._any(scope, got, send, seen)
        finally:
            logs.SEEN.reset(token)
            self._tell(scope["path"], seen, time.monotonic() - began)

    async def _sync(self, scope: Scope, receive: Receive, send: Send, seen: logs.Seen) -> None:
        """Answer a sync without the layers between."""
        limited = self._limited(scope)
        answer = limited or await self._site.sync(scope["headers"], receive)
        seen.status, seen.out = answer.status, len(answer.body)
        answer.headers.append((b"x-request-id", seen.id.encode()))
        await send(
            {
                "type": "http.response.start", "status": answer.status,
                "headers": answer.headers,
            }
        )  # fmt: skip
        await send({"type": "http.response.body", "body": answer.body})

    async def _any(self, scope: Scope, receive: Receive, send: Send, seen: logs.Seen) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()), (b"x-request-id", seen.id.encode()),
                ]  # fmt: skip
            seen.out += len(message.get("body", b""))
            await send(message)

        limited = self._limited(scope)
        app = self._app if limited is None else limited.response()
        await app(scope, receive, sent)

    def _limited(self, scope: Scope) -> Answer | None:
        """Give the answer to an address that comes too often."""
        wait = self._site.addresses.take(self._site.address_in(scope), time.monotonic())
        if not wait:
            return None
        self._site.counters.answered(_told(scope["path"]), "rate.limited")
        return refused(RefusalError("rate.limited", retry=wait))

    def _tell(self, path: str, seen: logs.Seen, seconds: float) -> None:
        told = _told(path)
        self._site.counters.timed(told, seconds, into=seen.into, out=seen.out)
        level = logging.DEBUG if told in _QUIET else logging.INFO
        if not logs.told_at(level):
            return
        logs.tell(
            level, "answered", request=seen.id, path=told,
            code=seen.code, status=seen.status, ms=round(seconds * 1000, 1), into=seen.into,
            out=seen.out, device=self._names.name(seen.device, self._site.now()),
        )  # fmt: skip


def routes(site: Site) -> Sequence[BaseRoute]:
    """Give `/readyz` and `/metrics`; `web.AREAS`."""

    async def ready(request: Request) -> Response:
        if not _may_see(site, request):
            return PlainTextResponse("Not Found", 404)
        trouble = await run_in_threadpool(lambda: troubles(site.server.database, site.now()))
        if trouble:
            logs.tell(logging.WARNING, "not-ready", code=" ".join(trouble))
            return PlainTextResponse("\n".join([*trouble, ""]), 503)
        return PlainTextResponse("ready\n")

    async def metrics(request: Request) -> Response:
        if not _may_see(site, request):
            return PlainTextResponse("Not Found", 404)
        more = await run_in_threadpool(lambda: shared(site.server.database))
        return PlainTextResponse(site.counters.text(more), media_type="text/plain; version=0.0.4")

    return [Route("/readyz", ready), Route("/metrics", metrics)]


def troubles(database: Database, now: int) -> list[str]:
    """Name what keeps this process from work: `database`, `schema`, `clock`."""
    try:
        ((version,),) = database.run("SELECT version_num FROM alembic_version")
        ((newest,),) = database.run("SELECT MAX(seen_at) FROM devices")
    except (DatabaseFault, ValueError):
        return ["database"]
    found = [] if version == NEWEST else ["schema"]
    if now < _EARLIEST or now + _BACK < (newest or 0):
        found.append("clock")
    return found


def shared(database: Database) -> dict[str, int]:
    """Give the figures that are the same in every process; without the database only its queue."""
    figures = {"writer_queue": database.queued}
    try:
        ((people,),) = database.run("SELECT COUNT(*) FROM people WHERE active = 1")
        ((held, devices),) = database.run(
            "SELECT COALESCE(SUM(last_seq), 0), COUNT(*) FROM devices WHERE revoked_at IS NULL"
        )
    except DatabaseFault:
        return figures
    return figures | {"people": int(people), "events_held": int(held), "devices": int(devices)}


def _may_see(site: Site, request: Request) -> bool:
    """Tell whether a request comes from this computer, or brings the token."""
    token = site.settings.token
    given = request.headers.get("authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    own = request.client is not None and request.client.host in _LOOPBACK
    # Behind a proxy on this computer everybody comes from loopback: what is forwarded is not ours.
    return own and not forwarded


def _told(path: str) -> str:
    return path if path in _PATHS else "other"
