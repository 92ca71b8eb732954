"""Asking the server: what it answers is read, what it refuses becomes an error with a sentence."""

import hashlib
import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from meti_desk.domain.errors import EnvironmentProblem, MetiDeskError, RuleViolation
from meti_desk.services.ports_sync import Line
from meti_desk.sync import wire

T = TypeVar("T")
_TIMEOUT = 30.0
_KIND = "application/msgpack"
_OK = 200
_CODE = re.compile(r"[a-z.-]{1,40}")
_DEVICE = re.compile(r"[0-9a-f]{32}")
PINNED = re.compile(r"[0-9a-fA-F]{16,64}")
"""A fingerprint of a server's key; one that was cut short would fit the keys of others."""
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What reading an answer may raise, whoever made it."""
_PARAMS = ("seq", "now", "known", "limit", "retry")
"""What a refusal of the server may tell; anything else that it says is passed over."""
_OURS = frozenset(
    {
        "sync.malformed", "sync.version", "sync.too-large", "sync.unknown-device", "sync.revoked",
        "sync.signature", "sync.clock", "sync.replayed", "sync.gap", "sync.forked", "sync.chain",
        "enrol.code", "enrol.malformed", "rate.limited", "oidc.off", "oidc.refused",
        "oidc.provider", "proxy.off", "proxy.refused",
    }
)  # fmt: skip
"""Refusals of the server that have sentences here; anything else is `sync.refused`."""
_LATER = frozenset({"rate.limited", "oidc.provider"})
"""Refusals that are nobody's fault here: the same may go through later (exit 4)."""


class Enrolled(msgspec.Struct, frozen=True):
    """The answer to an enrolment."""

    device: str
    person: str
    server: bytes
    name: str = ""
    unit: str = ""


def post(line: Line, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """Send a request and give its answer; raises what the server refused, and those of `Line`."""
    told = {"Content-Type": _KIND, **(headers or {})}
    status, answer = line.post(url, body, told, timeout=_TIMEOUT)
    if status == _OK:
        return answer
    raise _refusal(answer)


def decoded(answer: bytes, kind: type[T]) -> T:
    """Read an answer (`sync.refused`)."""
    try:
        return msgspec.msgpack.decode(answer, type=kind)
    except _UNREADABLE:
        raise EnvironmentProblem("sync.refused", refusal="malformed") from None


def enrolled(answer: bytes, pinned: str) -> Enrolled:
    """Read the answer to an enrolment at a server whose key's fingerprint is known, if it is.

    Raises `RuleViolation("sync.other-server")`, `EnvironmentProblem("sync.refused")`.
    """
    made = decoded(answer, Enrolled)
    if pinned and not is_pinned(made.server, pinned):
        raise RuleViolation("sync.other-server")
    if not _DEVICE.fullmatch(made.device) or not made.person.isprintable():
        raise EnvironmentProblem("sync.refused", refusal="malformed")
    return made


def is_pinned(server: bytes, pinned: str) -> bool:
    """Tell whether a server's public key has this fingerprint, or its beginning."""
    return hashlib.sha256(server).hexdigest()[: len(pinned)] == pinned.lower()


def _refusal(answer: bytes) -> MetiDeskError:
    try:
        told = msgspec.msgpack.decode(answer, type=wire.ErrorAnswer)
    except _UNREADABLE:
        return EnvironmentProblem("sync.refused", refusal="")
    if told.code in _OURS:
        known = {name: told.params[name] for name in _PARAMS if name in told.params}
        kind = EnvironmentProblem if told.code in _LATER else RuleViolation
        return kind(told.code, **known)  # type: ignore[arg-type] # no name is `articles`
    named = told.code if _CODE.fullmatch(told.code) else ""
    return EnvironmentProblem("sync.refused", refusal=named)
