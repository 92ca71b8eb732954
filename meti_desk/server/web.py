"""The server's few addresses: enrolment, sync, health and metrics (Starlette)."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from typing import cast

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from meti_desk.server import people
from meti_desk.server.answering import answered, body_of, decoded, proof_of, refused, unpacked
from meti_desk.server.counters import Counters
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import DatabaseFault
from meti_desk.server.syncing import Server, device_name
from meti_desk.sync.wire import SyncAnswer, SyncRequest

AREAS: tuple[str, ...] = ()
"""Further addresses: `module:function` that takes the `Site` and gives its routes."""


class EnrolRequest(msgspec.Struct, frozen=True):
    """A code and the public key of the device that is to be made (Ed25519, 32 bytes)."""

    code: str
    public: bytes
    name: str = ""


class EnrolAnswer(msgspec.Struct, frozen=True):
    """The device's id, the person it belongs to, and the server's public key."""

    device: str
    person: str
    name: str
    unit: str
    server: bytes


class Site:
    """The addresses over one server; `clock` gives milliseconds since 1970."""

    def __init__(self, server: Server, clock: Callable[[], int]) -> None:
        self.server = server
        self.now = clock
        self.counters = Counters()

    async def enrol(self, request: Request) -> Response:
        """Make a device of who knows a code."""
        address = request.client.host if request.client else ""
        body = await body_of(request)
        return await answered("/v1/enrol", lambda: self._enrol(address, body), self.counters)

    def _enrol(self, address: str, body: bytes) -> EnrolAnswer:
        if not self.counters.may_try(address, time.monotonic()):
            raise RefusalError("rate.limited")
        asked = decoded(body, EnrolRequest, "enrol.malformed")
        database, called = self.server.database, device_name(asked.name)
        made = people.enrol(database, asked.code, asked.public, called, self.now())
        rows = database.run("SELECT name, unit FROM people WHERE id = ?", (made.person,))
        name, unit = rows[0]
        return EnrolAnswer(made.id, made.person, name, unit, self.server.key.public)

    async def sync(self, request: Request) -> Response:
        """Take what is new of a device's log."""
        body = await body_of(request)
        return await answered("/v1/sync", lambda: self._sync(request, body), self.counters)

    def _sync(self, request: Request, body: bytes) -> SyncAnswer:
        moment = self.now()
        device = self.server.authenticate("POST", "/v1/sync", proof_of(request), body, moment)
        try:
            asked = decoded(unpacked(request, body), SyncRequest, "sync.malformed")
        except RefusalError as refusal:
            raise self.server.refused(device, refusal.code, moment) from None
        answer = self.server.sync(device, asked, moment)
        self.counters.took(len(asked.events))
        return answer

    async def health(self, _request: Request) -> Response:
        """Answer `ok` while the database does."""
        ask = "SELECT 1 FROM devices LIMIT 1"
        try:
            await run_in_threadpool(lambda: self.server.database.run(ask))
        except DatabaseFault:
            return PlainTextResponse("database\n", 503)
        return PlainTextResponse("ok\n")

    async def metrics(self, _request: Request) -> Response:
        """Give the figures."""
        return PlainTextResponse(self.counters.text(), media_type="text/plain; version=0.0.4")

    @asynccontextmanager
    async def lifespan(self, _application: Starlette) -> AsyncIterator[None]:
        """Close the database in the end: the signal that ends `run` is raised again behind it."""
        yield
        self.server.database.close()


def application(server: Server, clock: Callable[[], int] | None = None) -> Starlette:
    """Build the application."""
    site = Site(server, clock or (lambda: int(time.time() * 1000)))

    async def wrong(_request: Request, error: Exception) -> Response:
        return refused(cast("RefusalError", error))  # registered for this kind alone

    return Starlette(
        lifespan=site.lifespan,
        routes=[
            Route("/v1/enrol", site.enrol, methods=["POST"]),
            Route("/v1/sync", site.sync, methods=["POST"]),
            Route("/healthz", site.health),
            Route("/metrics", site.metrics),
            *(route for place in AREAS for route in _routes(place)(site)),
        ],
        exception_handlers={RefusalError: wrong},
    )


def _routes(place: str) -> Callable[[Site], Sequence[BaseRoute]]:
    module, _, name = place.partition(":")
    found: Callable[[Site], Sequence[BaseRoute]] = getattr(import_module(module), name)
    return found
