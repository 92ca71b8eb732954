"""Enrolment by a login at the ministry's identity provider (OIDC), as the device sees it.

The person logs in with the system's browser at the provider, never here; what comes back to a
loopback address is exchanged by the server. Who they are, their 課室 and their role are what the
server's directory says.
"""

import base64
import hashlib
import platform
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

import msgspec

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, RuleViolation
from meti_desk.services import asking
from meti_desk.services.context import Context
from meti_desk.services.ports_sync import Line
from meti_desk.sync.login import BEGIN, FINISH, LoginBegin, LoginFinish, LoginStarted, proof_message

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_LONGEST = 4096


class Landing(Protocol):
    """Where the browser comes back to: an address of this computer that listens for one visit."""

    @property
    def address(self) -> str:
        """Give it (`http://127.0.0.1:PORT/enrolled`)."""

    def visited(self, login: str) -> str:
        """Open the login for the person and give the query of the visit that came back.

        Raises `EnvironmentProblem("login.nobody")` when nobody came in time.
        """


def enrol(ctx: Context, line: Line, base: str, landing: Landing, pinned: str) -> asking.Enrolled:
    """Log in and enrol this device's key at a server.

    Raises `InvalidInput("enrol.code-form")` for a fingerprint that is none, `RuleViolation`:
    `sync.other-server`, `login.refused` (by the person or the provider), `oidc.off`,
    `oidc.refused`; `EnvironmentProblem`: `login.nobody`, `login.address`, `oidc.provider`.
    """
    if pinned and not asking.PINNED.fullmatch(pinned):
        raise InvalidInput("enrol.code-form")
    sealer, state, verifier = ctx.open_store().sealer, _word(ctx), _word(ctx)
    public = sealer.public_key()
    challenge = _base64(hashlib.sha256(verifier.encode()).digest())
    begun = LoginBegin(public=public, redirect=landing.address, state=state, challenge=challenge)
    answer = asking.post(line, f"{base}{BEGIN}", msgspec.msgpack.encode(begun))
    started = asking.decoded(answer, LoginStarted)
    if pinned and not asking.is_pinned(started.server, pinned):
        raise RuleViolation("sync.other-server")
    _check_address(started.address)
    code = _code(landing.visited(started.address), state)
    finish = LoginFinish(
        public=public, name=platform.node(), redirect=landing.address, nonce=started.nonce,
        code=code, verifier=verifier, proof=sealer.sign(proof_message(started.nonce, code, public)),
    )  # fmt: skip
    made = asking.enrolled(
        asking.post(line, f"{base}{FINISH}", msgspec.msgpack.encode(finish)), pinned
    )
    if made.server != started.server:
        raise RuleViolation("sync.other-server")
    return made


def _code(query: str, state: str) -> str:
    """Read what the provider sent back: its code for this very login (`login.refused`)."""
    told = dict(parse_qsl(query[:_LONGEST]))
    code = told.get("code", "")
    if told.get("state") != state or "error" in told or not code:
        raise RuleViolation("login.refused")
    return code


def _check_address(address: str) -> None:
    """Open nothing but a web page with TLS, or of this computer (`login.address`)."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise EnvironmentProblem("login.address") from None
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    plain = address.isascii() and address.isprintable() and " " not in address
    if not safe or not parts.hostname or not plain:
        raise EnvironmentProblem("login.address")


def _word(ctx: Context) -> str:
    return _base64(ctx.ids.token(32))


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
