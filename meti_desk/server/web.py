"""The server's few addresses: enrolment, sync, health; further ones by area (Starlette)."""

import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from typing import cast

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope

from meti_desk.server import people
from meti_desk.server.answering import (
    Answer,
    answered,
    body_of,
    decoded,
    finished,
    proof_of,
    refused,
    unpacked,
)
from meti_desk.server.counters import Counters
from meti_desk.server.logs import seen_device
from meti_desk.server.rates import Buckets
from meti_desk.server.refusal import RefusalError
from meti_desk.server.settings import UNLIMITED, Settings
from meti_desk.server.storage import DatabaseFault
from meti_desk.server.syncing import Server, device_name
from meti_desk.sync.wire import SyncAnswer, SyncRequest

AREAS: tuple[str, ...] = (
    "meti_desk.server.observing:routes",
    "meti_desk.server.identity_enrolment:routes",
    "meti_desk.server.identity_proxy:routes",
)
"""Further addresses: `module:function` that takes the `Site` and gives its routes."""
SYNC = "/v1/sync"
_NOT_FOUND = 404
_TRIES, _MINUTE = 20, 60
"""Tries to enrol from one address at once, and within a minute, for each way to enrol."""
_HEALTHY = 1.0
"""Seconds for which what was found of the database is told to all who ask."""


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

    def __init__(self, server: Server, clock: Callable[[], int], settings: Settings) -> None:
        self.server = server
        self.now = clock
        self.settings = settings
        self.counters = Counters()
        limits = settings.limits
        self.addresses = Buckets(limits.address_rate, limits.address_burst)
        self.devices = Buckets(limits.device_rate, limits.device_burst)
        self._tries = Buckets(_TRIES / _MINUTE, _TRIES)
        self._healthy: bool | None = None
        self._looked = 0.0

    def address_of(self, request: Request) -> str:
        """Give the address of who asks; behind a known proxy, the one that it names."""
        return self.address_in(request.scope)

    def address_in(self, scope: Scope) -> str:
        """Give the address of who asks, by what the server knows of the request."""
        if not self.settings.proxy.addresses:
            client = scope.get("client")
            return client[0] if client else ""
        from meti_desk.server.identity_proxy import address_of

        return address_of(self.settings, scope)

    def count_try(self, path: str, address: str) -> None:
        """Count a try to enrol from an address (`rate.limited`): secrets are not to be guessed."""
        wait = self._tries.take(f"{path} {address}", time.monotonic())
        if wait:
            raise RefusalError("rate.limited", retry=wait)

    async def enrol(self, request: Request) -> Response:
        """Make a device of who knows a code."""
        address = self.address_of(request)
        body = await body_of(request.receive)
        return await answered("/v1/enrol", lambda: self._enrol(address, body), self.counters)

    def _enrol(self, address: str, body: bytes) -> EnrolAnswer:
        self.count_try("/v1/enrol", address)
        asked = decoded(body, EnrolRequest, "enrol.malformed")
        database, called = self.server.database, device_name(asked.name)
        made = people.enrol(database, asked.code, asked.public, called, self.now())
        rows = database.run("SELECT name, unit FROM people WHERE id = ?", (made.person,))
        name, unit = rows[0]
        return EnrolAnswer(made.id, made.person, name, unit, self.server.key.public)

    async def sync(self, headers: Iterable[tuple[bytes, bytes]], receive: Receive) -> Answer:
        """Take what is new of a device's log; without Starlette's layers, for it is nearly all."""
        return await finished(SYNC, self._sync(dict(headers), receive), self.counters)

    async def _sync(self, headers: Mapping[bytes, bytes], receive: Receive) -> SyncAnswer:
        body, moment = await body_of(receive), self.now()
        proof = proof_of(headers.get(b"authorization", b""))
        await self.server.recognise("POST", SYNC, proof, body, moment)
        seen_device(proof.device)
        wait = self.devices.take(proof.device, time.monotonic())
        if wait:  # only of who signed: nobody uses up what is another's
            raise RefusalError("rate.limited", retry=wait)
        try:
            plain = unpacked(headers.get(b"content-encoding", b""), body)
            asked = decoded(plain, SyncRequest, "sync.malformed")
        except RefusalError as refusal:
            raise await self.server.refuse(proof.device, refusal, moment) from None
        answer = await self.server.sync(proof.device, proof.nonce, asked, moment)
        self.counters.took(len(asked.events), len(answer.downloads))
        return answer

    async def synced(self, request: Request) -> Response:
        """Answer a sync that came through all layers."""
        return (await self.sync(request.headers.raw, request.receive)).response()

    async def health(self, _request: Request) -> Response:
        """Answer `ok` while the database does, which is asked once a second at most."""
        now = time.monotonic()
        if self._healthy is None or now - self._looked >= _HEALTHY:
            self._looked = now
            self._healthy = await run_in_threadpool(self._reaches)
        return PlainTextResponse("ok\n") if self._healthy else PlainTextResponse("database\n", 503)

    def _reaches(self) -> bool:
        try:
            self.server.database.run("SELECT 1 FROM devices LIMIT 1")
        except DatabaseFault:
            return False
        return True

    @asynccontextmanager
    async def lifespan(self, _application: Starlette) -> AsyncIterator[None]:
        """Close the database in the end: the signal that ends `run` is raised again behind it."""
        yield
        self.server.database.close()


def application(
    server: Server, clock: Callable[[], int] | None = None, settings: Settings = UNLIMITED
) -> Starlette:
    """Build the application; `run` gives the settings of `server.toml`."""
    from meti_desk.server.observing import Observed

    site = Site(server, clock or (lambda: int(time.time() * 1000)), settings)

    async def wrong(request: Request, error: Exception) -> Response:
        refusal = cast("RefusalError", error)  # registered for this kind alone
        site.counters.answered(request.url.path, refusal.code)
        return refused(refusal).response()

    async def nowhere(_request: Request, error: Exception) -> Response:
        found = cast("HTTPException", error).status_code != _NOT_FOUND
        return refused(RefusalError("http.method" if found else "http.path")).response()

    return Starlette(
        lifespan=site.lifespan,
        middleware=[Middleware(Observed, site=site)],
        routes=[
            Route("/v1/enrol", site.enrol, methods=["POST"]),
            Route(SYNC, site.synced, methods=["POST"]),
            Route("/healthz", site.health),
            *(route for place in AREAS for route in _routes(place)(site)),
        ],
        exception_handlers={RefusalError: wrong, HTTPException: nowhere},
    )


def _routes(place: str) -> Callable[[Site], Sequence[BaseRoute]]:
    module, _, name = place.partition(":")
    found: Callable[[Site], Sequence[BaseRoute]] = getattr(import_module(module), name)
    return found
