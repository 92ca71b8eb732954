"""HTTP from the server to the identity provider: TLS, bounds, no redirects, nothing else."""

import base64
import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from meti_desk.server.settings import secure

_LARGEST = 1 << 20
_TIMEOUT = 10.0
_OK = 200


class ProviderError(Exception):
    """The provider cannot be reached, or its answer is none; the text is a word for the log."""


def get(url: str) -> Mapping[str, Any]:
    """Fetch a JSON object."""
    return _asked("GET", url, None, {})


def post(url: str, form: Mapping[str, str], client: str, secret: str) -> Mapping[str, Any]:
    """Post a form, with the client's secret where there is one (`client_secret_basic`)."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if secret:
        pair = f"{quote(client, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return _asked("POST", url, urlencode(form).encode(), headers)


def _asked(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str]
) -> Mapping[str, Any]:
    if not secure(url):
        raise ProviderError("insecure")
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _connection(parts.scheme, parts.hostname or "", parts.port)
        try:
            told = {"Accept": "application/json", **headers}
            connection.request(method, path or "/", body, told)
            answer = connection.getresponse()
            data = answer.read(_LARGEST + 1)
        finally:
            connection.close()
        if answer.status != _OK or len(data) > _LARGEST:
            raise ProviderError("status")
        found = json.loads(data)
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as error:
        raise ProviderError(type(error).__name__) from None
    if not isinstance(found, dict):
        raise ProviderError("no-object")
    return found


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=_TIMEOUT)
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return http.client.HTTPSConnection(host, port, timeout=_TIMEOUT, context=context)
