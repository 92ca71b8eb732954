"""Enrolment without a code: the person logs in at the ministry's provider, or a proxy names them.

Login (`/v1/login/begin`, `/v1/login/finish`): authorization code with PKCE to a loopback address
(RFC 8252). The nonce that the server signs holds the hash of the device's key, so a login makes a
device of this key alone, once, and soon. The role and the 課室 come from the directory.
"""

import base64
import binascii
import hashlib
import re
import secrets
import time
from collections.abc import Callable, Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meti_desk.server import people
from meti_desk.server.answering import answered, body_of, decoded
from meti_desk.server.identity_http import ProviderError
from meti_desk.server.oidc import Provider, TokenError
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import Database
from meti_desk.server.syncing import Server, device_name, verified
from meti_desk.server.web import EnrolAnswer, Site
from meti_desk.sync.login import BEGIN, FINISH, LoginBegin, LoginFinish, LoginStarted, proof_message

MINUTES = 10
"""How long a login may take."""
_REDIRECT = re.compile(r"http://127\.0\.0\.1:[1-9][0-9]{0,4}/enrolled")
_TOKEN = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_NONCE_BYTES = 16
_SIGNATURE = 64
_KEPT = "login"
_MALFORMED = "enrol.malformed"


class _Nonce(msgspec.Struct, frozen=True, array_like=True):
    expires: int
    once: bytes
    key: bytes


class Logins:
    """Logins at one provider, for one server."""

    def __init__(self, server: Server, provider: Provider, matches: str) -> None:
        self._server = server
        self._provider = provider
        self._matches = matches

    def begin(self, asked: LoginBegin, now: int) -> LoginStarted:
        """Give the address where the person logs in, and the nonce for a device's key.

        Raises `RefusalError`: `enrol.malformed`, `oidc.provider`.
        """
        if (
            len(asked.public) != people.PUBLIC_LENGTH
            or not _REDIRECT.fullmatch(asked.redirect)
            or not _TOKEN.fullmatch(asked.state)
            or not _TOKEN.fullmatch(asked.challenge)
        ):
            raise RefusalError(_MALFORMED)
        nonce = self._nonce(asked.public, now)
        try:
            address = self._provider.address(
                redirect=asked.redirect, state=asked.state, nonce=nonce, challenge=asked.challenge
            )
        except ProviderError as error:
            raise self._refused("oidc.provider", str(error), now) from None
        return LoginStarted(address=address, nonce=nonce, server=self._server.key.public)

    def finish(self, asked: LoginFinish, now: int) -> EnrolAnswer:
        """Make a device of who logged in.

        Raises `RefusalError`: `enrol.malformed`, `oidc.provider`, and `oidc.refused` for all else:
        the audit chain alone holds the reason.
        """
        if len(asked.public) != people.PUBLIC_LENGTH or not _REDIRECT.fullmatch(asked.redirect):
            raise RefusalError(_MALFORMED)
        message = proof_message(asked.nonce, asked.code, asked.public)
        if not verified(asked.public, message, asked.proof):
            raise self._refused("oidc.refused", "proof", now)
        self._use(asked, now)
        try:
            value = self._provider.person(
                code=asked.code, verifier=asked.verifier, redirect=asked.redirect,
                nonce=asked.nonce, now=now // 1000,
            )  # fmt: skip
        except TokenError as error:
            raise self._refused("oidc.refused", str(error), now) from None
        except ProviderError as error:
            raise self._refused("oidc.provider", str(error), now) from None
        person = one_of(self._server.database, self._matches, value)
        if person is None:
            raise self._refused("oidc.refused", "person", now)
        return admitted(self._server, person, asked.public, asked.name, _KEPT, now)

    def _nonce(self, public: bytes, now: int) -> str:
        held = _Nonce(
            now + MINUTES * 60_000, secrets.token_bytes(_NONCE_BYTES),
            hashlib.sha256(public).digest(),
        )  # fmt: skip
        plain = msgspec.msgpack.encode(held)
        signature = self._server.key.sign(_signed(plain))
        return base64.urlsafe_b64encode(plain + signature).decode().rstrip("=")

    def _use(self, asked: LoginFinish, now: int) -> None:
        """Take a nonce that this server made for this key, once."""
        try:
            whole = base64.urlsafe_b64decode(asked.nonce + "=" * (-len(asked.nonce) % 4))
            plain, signature = whole[:-_SIGNATURE], whole[-_SIGNATURE:]
            held = msgspec.msgpack.decode(plain, type=_Nonce)
        except (binascii.Error, ValueError, msgspec.DecodeError, RecursionError):
            raise RefusalError(_MALFORMED) from None
        ours = verified(self._server.key.public, _signed(plain), signature)
        if not ours or held.key != hashlib.sha256(asked.public).digest():
            raise self._refused("oidc.refused", "nonce", now)
        if not now < held.expires:
            raise self._refused("oidc.refused", "late", now)
        database = self._server.database

        def write() -> bool:
            rows = database.run(
                "INSERT INTO nonces (device, nonce, at) VALUES (?, ?, ?)"
                " ON CONFLICT (device, nonce) DO NOTHING RETURNING 1",
                (_KEPT, held.once, now),
            )
            return bool(rows)

        if not database.together(write):
            raise self._refused("oidc.refused", "again", now)

    def _refused(self, code: str, reason: str, now: int) -> RefusalError:
        return refusal(self._server, code, reason, now)


def refusal(server: Server, code: str, reason: str, now: int) -> RefusalError:
    """Record a refusal with its reason in the audit chain, and give it without."""
    told = {"what": "refused", "code": code, "reason": reason}
    server.database.together(lambda: server.database.record(now, told))
    return RefusalError(code)


def one_of(database: Database, column: str, value: str) -> str | None:
    """Find the one active person whose mail or id it is; nobody where there are several."""
    if not value or not value.isprintable():
        return None
    if column == "id":
        rows = database.run("SELECT id FROM people WHERE active = 1 AND id = ?", (value,))
    else:
        rows = database.run(
            "SELECT id FROM people WHERE active = 1 AND lower(mail) = ?", (value.lower(),)
        )
    return str(rows[0][0]) if len(rows) == 1 else None


def admitted(
    server: Server, person: str, public: bytes, name: str, way: str, now: int
) -> EnrolAnswer:
    """Make a device of a person who was found out otherwise than by a code."""
    database = server.database
    code = people.new_code(database, person, server.key.fingerprint, now)
    made = people.enrol(database, code.code, public, device_name(name), now)
    told = {"what": "admitted", "device": made.id, "person": person, "way": way}
    database.together(lambda: database.record(now, told))
    held = people.person(database, person)
    called, unit = (held.name, held.unit) if held else ("", "")
    return EnrolAnswer(made.id, person, called, unit, server.key.public)


def routes(site: Site) -> Sequence[BaseRoute]:
    """Give the addresses of logins; `web.AREAS`."""
    settings = site.settings
    provider = Provider(settings.oidc, settings.oidc_secret, time.monotonic)
    logins = Logins(site.server, provider, settings.oidc.matches)

    async def guarded(path: str, request: Request, work: Callable[[bytes], object]) -> Response:
        body, address = await body_of(request.receive), site.address_of(request)

        def tried() -> object:
            if not settings.oidc.issuer:
                raise RefusalError("oidc.off")
            site.count_try(path, address)
            return work(body)

        return await answered(path, tried, site.counters)

    async def begin(request: Request) -> Response:
        return await guarded(
            BEGIN, request,
            lambda body: logins.begin(decoded(body, LoginBegin, _MALFORMED), site.now()),
        )  # fmt: skip

    async def finish(request: Request) -> Response:
        return await guarded(
            FINISH, request,
            lambda body: logins.finish(decoded(body, LoginFinish, _MALFORMED), site.now()),
        )  # fmt: skip

    return [
        Route(BEGIN, begin, methods=["POST"]),
        Route(FINISH, finish, methods=["POST"]),
    ]


def _signed(plain: bytes) -> bytes:
    return b"meti-desk login 1" + plain
