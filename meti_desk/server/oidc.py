"""The ministry's identity provider: where it is, its keys, and what its ID tokens say (OIDC).

The provider's word is believed only where its key signed it by an algorithm that is allowed here,
for this server (`aud`), now (`exp`, `iat`) and for this very login (`nonce`). What roles or units
a token claims is never looked at: both come from the directory.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from meti_desk.server.identity_http import ProviderError, get, post
from meti_desk.server.settings import Oidc

_HOUR = 3_600.0
_PATIENCE = 30.0
"""Seconds between two looks for a key that is not known: rotation is followed, floods are not."""
_LEEWAY = 60
"""Seconds by which the provider's clock may differ."""
_OLDEST = 900
"""Seconds since a token was issued, at most."""
_LEAST_RSA = 2048
_LONGEST = 16 << 10
_WELL_KNOWN = "/.well-known/openid-configuration"


class TokenError(Exception):
    """A token that is not believed; the text is a word for the audit chain, never a claim."""


class _Known(msgspec.Struct, frozen=True):
    authorize: str
    token: str
    keys: tuple[Mapping[str, Any], ...]
    at: float


class Provider:
    """One provider; `clock` gives seconds that only grow, for the age of what was fetched."""

    def __init__(self, settings: Oidc, secret: str, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._secret = secret
        self._clock = clock
        self._lock = threading.Lock()
        self._held: _Known | None = None

    def address(self, *, redirect: str, state: str, nonce: str, challenge: str) -> str:
        """Give the address where the person logs in (RFC 6749, 7636, 8252).

        Raises `ProviderError` where the provider cannot be asked.
        """
        asked = {
            "response_type": "code", "client_id": self._settings.client_id,
            "redirect_uri": redirect, "scope": self._settings.scope, "state": state,
            "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        endpoint = self._known().authorize
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def person(self, *, code: str, verifier: str, redirect: str, nonce: str, now: int) -> str:
        """Exchange the code of a login, and give who it was: the value of the claim.

        `now` in seconds since 1970. Raises `ProviderError` and `TokenError`.
        """
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect,
            "client_id": self._settings.client_id, "code_verifier": verifier,
        }  # fmt: skip
        answer = post(self._known().token, form, self._settings.client_id, self._secret)
        token = answer.get("id_token")
        if not isinstance(token, str) or len(token) > _LONGEST:
            raise TokenError("no-token")
        return self._named(self.claims(token, nonce=nonce, now=now))

    def claims(self, token: str, *, nonce: str, now: int) -> Mapping[str, Any]:
        """Verify an ID token and give its claims (`TokenError`)."""
        from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped] # has no types
        from joserfc import errors, jwk, jwt

        header = _header(token)
        algorithm = header.get("alg")
        if algorithm not in self._settings.algorithms:
            raise TokenError("algorithm")
        if set(header) & {"crit", "jwk", "jku", "x5u", "x5c", "b64"}:
            raise TokenError("header")
        raw = self._key(header.get("kid"))
        try:
            key = jwk.import_key(dict(raw))
            if not _strong(key):
                raise TokenError("weak-key")
            read = jwt.decode(token, key, algorithms=[str(algorithm)])
        except errors.BadSignatureError:
            raise TokenError("signature") from None
        except (errors.JoseError, ValueError, TypeError, KeyError, RecursionError):
            raise TokenError("key") from None
        held = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": self._settings.issuer},
                "aud": {"essential": True, "value": self._settings.client_id},
                "nonce": {"essential": True, "value": nonce},
                "sub": {"essential": True},
            },
            params={"nonce": nonce, "client_id": self._settings.client_id},
        )
        try:
            held.validate(now=now, leeway=_LEEWAY)
        except (errors.JoseError, ValueError, TypeError, OverflowError) as error:
            raise TokenError(_reason(error)) from None
        if not isinstance(held["iat"], int | float) or now - held["iat"] > _OLDEST:
            raise TokenError("iat")
        return read.claims

    def _named(self, claims: Mapping[str, Any]) -> str:
        value = claims.get(self._settings.claim)
        if not isinstance(value, str) or not value.strip():
            raise TokenError("claim")
        # Where the provider tells whether it verified the address, nothing but yes is yes.
        verified = claims.get("email_verified", True) in (True, "true")
        if self._settings.claim == "email" and not verified:
            raise TokenError("unverified")
        return value.strip()

    def _key(self, kid: object) -> Mapping[str, Any]:
        """Find a key by its id; one that is not known is looked for anew, once in a while."""
        if kid is not None and not isinstance(kid, str):
            raise TokenError("key")
        found = _pick(self._known().keys, kid)
        if found is None and self._clock() - self._known().at >= _PATIENCE:
            found = _pick(self._known(fresh=True).keys, kid)
        if found is None:
            raise TokenError("key")
        return found

    def _known(self, *, fresh: bool = False) -> _Known:
        with self._lock:
            held, now = self._held, self._clock()
            if held is None or now - held.at >= _HOUR or (fresh and now - held.at >= _PATIENCE):
                held = self._held = self._fetched(now)
            return held

    def _fetched(self, now: float) -> _Known:
        told = get(self._settings.issuer.rstrip("/") + _WELL_KNOWN)
        if told.get("issuer") != self._settings.issuer:
            raise ProviderError("other-issuer")
        places = [told.get(name) for name in ("authorization_endpoint", "token_endpoint")]
        authorize, token = (one if isinstance(one, str) else "" for one in places)
        keys = get(str(told.get("jwks_uri", ""))).get("keys")
        if not authorize or not token or not isinstance(keys, list):
            raise ProviderError("incomplete")
        usable = tuple(one for one in keys if isinstance(one, dict) and _signs(one))
        return _Known(authorize, token, usable, now)


def challenge_of(verifier: str) -> str:
    """Give the challenge of a verifier (`S256`, RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _header(token: str) -> Mapping[str, Any]:
    head = token.partition(".")[0]
    try:
        found = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        raise TokenError("malformed") from None
    if not isinstance(found, dict):
        raise TokenError("malformed")
    return found


def _signs(key: Mapping[str, Any]) -> bool:
    """Tell whether a published key is one for signatures; a shared secret is none."""
    return key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig" and "d" not in key


def _pick(keys: tuple[Mapping[str, Any], ...], kid: str | None) -> Mapping[str, Any] | None:
    """Find the key of a token; one that names none needs a provider with one key alone."""
    if kid is None:
        return keys[0] if len(keys) == 1 else None
    return next((one for one in keys if one.get("kid") == kid), None)


def _strong(key: object) -> bool:
    raw = getattr(key, "public_key", None)
    size = getattr(raw, "key_size", 0)
    return bool(size >= (_LEAST_RSA if getattr(key, "key_type", "") == "RSA" else 256))


def _reason(error: Exception) -> str:
    """Name what was wrong by the claim's name alone."""
    claim = getattr(error, "claim", "")
    known = {"iss", "aud", "nonce", "exp", "iat", "nbf", "sub", "azp", "auth_time", "at_hash"}
    return claim if claim in known else getattr(error, "error", "claims")
