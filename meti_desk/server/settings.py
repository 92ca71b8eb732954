"""`server.toml` in the server's folder: who may log in where, which proxies are believed, limits.

Everything has a default; without the file the server needs no settings. A key that is not known
is refused: a limit that was misspelt must not be no limit. Secrets stand in files of their own.
"""

import ipaddress
import tomllib
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from meti_desk.domain.errors import InvalidInput

NAME = "server.toml"
CODE = "server.settings"
_MOST_SECRET = 4096
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Of signatures of ID tokens; never `none`, and no shared secrets (`HS…`)."""


class Oidc(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ministry's identity provider (OpenID Connect); `issuer` empty: none.

    `claim` names who logged in, `matches` the column of the directory that holds the same.
    `secret_file` is for a provider that asks this server for a secret, a path in the folder.
    """

    issuer: str = ""
    client_id: str = ""
    secret_file: str = ""
    scope: str = "openid email"
    claim: str = "email"
    matches: Literal["mail", "id"] = "mail"
    algorithms: tuple[Algorithm, ...] = ("RS256", "PS256", "ES256", "ES384")


class Proxy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Proxies in front: `addresses` (also networks) whose headers are believed, nobody else's.

    `person_header` is the header in which the proxy says whom a client certificate (mTLS) named,
    `matches` the column of the directory that holds the same; empty: nobody enrols by it.
    """

    addresses: tuple[str, ...] = ()
    person_header: str = ""
    matches: Literal["mail", "id"] = "mail"


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many requests a second, and how many at once, for one device and one address; 0: any.

    Each process counts for itself.
    """

    device_rate: float = 20.0
    device_burst: int = 600
    address_rate: float = 500.0
    address_burst: int = 5_000


class Observe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may read `/metrics` and `/readyz` from elsewhere: who sends the token of this file."""

    token_file: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of the file; `oidc_secret` and `token` were read from the files that it names."""

    oidc: Oidc = Oidc()
    proxy: Proxy = Proxy()
    limits: Limits = Limits()
    observe: Observe = Observe()
    oidc_secret: str = ""
    token: str = ""

    def from_proxy(self, address: str) -> bool:
        """Tell whether an address is that of a proxy whose headers are believed."""
        if not self.proxy.addresses:
            return False
        try:
            here = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(here in one for one in _networks(self.proxy.addresses))


@lru_cache(maxsize=4)
def _networks(
    addresses: tuple[str, ...],
) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(one, strict=False) for one in addresses)


UNLIMITED = Settings(limits=Limits(device_rate=0, address_rate=0))
"""Without any file, and without limits: for programs that serve themselves."""


def load(folder: Path) -> Settings:
    """Read the settings of a server (`InvalidInput("server.settings", reason=…)`)."""
    path = folder / NAME
    if not path.is_file():
        return Settings()
    try:
        raw = tomllib.loads(path.read_bytes().decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(CODE, reason=str(error)[:200]) from None
    if {"token", "oidc_secret"} & raw.keys():
        raise InvalidInput(CODE, reason="token")
    try:
        settings = msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        raise InvalidInput(CODE, reason=str(error)[:200]) from None
    _check(settings)
    return msgspec.structs.replace(
        settings,
        oidc_secret=_secret(folder, settings.oidc.secret_file),
        token=_secret(folder, settings.observe.token_file),
    )


def _check(settings: Settings) -> None:
    oidc, limits = settings.oidc, settings.limits
    for address in settings.proxy.addresses:
        try:
            ipaddress.ip_network(address, strict=False)
        except ValueError:
            raise InvalidInput(CODE, reason=f"proxy.addresses: {address[:60]}") from None
    if oidc.issuer and not (oidc.client_id and oidc.algorithms and secure(oidc.issuer)):
        raise InvalidInput(CODE, reason="oidc")
    numbers = msgspec.structs.astuple(limits)
    if not all(isfinite(one) and one >= 0 for one in numbers):
        raise InvalidInput(CODE, reason="limits")
    if settings.proxy.person_header and not settings.proxy.addresses:
        raise InvalidInput(CODE, reason="proxy.addresses")


def secure(url: str) -> bool:
    """Tell whether an address has TLS, or lies on this computer."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    )


def _secret(folder: Path, name: str) -> str:
    """Read a secret from a file in the folder, without the line's end; none for no name."""
    if not name:
        return ""
    try:
        secret = (folder / name).read_bytes()[: _MOST_SECRET + 1].decode().strip()
    except (OSError, UnicodeDecodeError):
        secret = ""
    if not secret or len(secret) > _MOST_SECRET:
        raise InvalidInput(CODE, reason=f"{name[:60]}")
    return secret
