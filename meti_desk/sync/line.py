"""HTTP to the ministry's server: TLS with the system's roots, or this device alone without."""

import http.client
import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_LARGEST = 16 << 20
"""Bytes of an answer."""
_PRINTED = re.compile(r"[!-~]+")
"""ASCII without spaces: what may stand in a request as it is."""


class HttpLine:
    """One request a connection: a device speaks to the server every quarter of an hour.

    `certificate` is a file (PEM) with a certificate of the person and its key, for a proxy that
    asks for one (mTLS). Raises `InvalidInput("sync.certificate")` for one that cannot be used.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        self._certificate = certificate

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, timeout: float
    ) -> tuple[int, bytes]:
        """Send and give status and answer; see `services.ports_sync.Line`."""
        scheme, host, port, path = address(url)
        connection = _connection(scheme, host, port, timeout, self._certificate)
        try:
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            data = answer.read(_LARGEST + 1)
        except UnicodeError:
            raise InvalidInput("sync.address") from None
        except ssl.SSLError as error:
            raise EnvironmentProblem("sync.untrusted", host=host, error=_named(error)) from None
        except (OSError, http.client.HTTPException) as error:
            raise EnvironmentProblem("sync.unreachable", host=host, error=_named(error)) from None
        finally:
            connection.close()
        if len(data) > _LARGEST:
            raise EnvironmentProblem("sync.answer-too-large", host=host)
        return answer.status, data


def address(url: str) -> tuple[str, str, int | None, str]:
    """Take an address apart: scheme, host, port, path. Raises `InvalidInput("sync.address")`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidInput("sync.address") from None
    host = parts.hostname or ""
    if not host or not _PRINTED.fullmatch(url) or parts.username is not None:
        raise InvalidInput("sync.address")
    return parts.scheme, host, port, parts.path or "/"


def _connection(
    scheme: str, host: str, port: int | None, timeout: float, certificate: Path | None
) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if certificate is not None:
            _show(context, certificate)
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    if scheme == "http" and host in _LOOPBACK:
        return http.client.HTTPConnection(host, port, timeout=timeout)
    raise EnvironmentProblem("sync.insecure", host=host)


def _show(context: ssl.SSLContext, certificate: Path) -> None:
    """Let a connection show a certificate; a key under a password is not asked for here."""
    try:
        context.load_cert_chain(certificate, password=lambda: b"")
    except (OSError, ValueError) as error:  # and ssl.SSLError
        raise InvalidInput("sync.certificate", error=_named(error)) from None


def _named(error: Exception) -> str:
    return type(error).__name__
