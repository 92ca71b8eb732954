"""Asks a time stamp authority over HTTP (RFC 3161, 3.4); what comes back is read elsewhere.

Nothing but the hash of a signature leaves the device. The answer is bytes from outside: it is kept
within a size and handed to a confined worker.
"""

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable

from meti_desk import __version__
from meti_desk.domain.errors import EnvironmentProblem, InvalidInput

Ask = Callable[[str, bytes], bytes]
"""Sends a question to the authority at an address and gives its answer."""

TIMEOUT = 20.0
"""Seconds to wait for the authority."""
LARGEST = 1 << 20
"""Bytes of an answer; a real one has some thousand."""
_TYPE = "application/timestamp-reply"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Goes nowhere but to the address that policy names."""

    def redirect_request(self, *_: object) -> None:
        """Refuse."""


def ask(url: str, question: bytes) -> bytes:
    """Send the question (DER) and give the answer (DER).

    Raises `InvalidInput("stamp.address")` for what is no http(s) address, and
    `EnvironmentProblem("stamp.unreachable")` when no answer of the right kind comes in time.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidInput("stamp.address", address=url)
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
        url,
        data=question,
        headers={
            "Content-Type": "application/timestamp-query",
            "User-Agent": f"meti-desk/{__version__}",
        },
    )
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=TIMEOUT) as answer:
            kind = answer.headers.get_content_type()
            data: bytes = answer.read(LARGEST + 1)
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError):
        raise EnvironmentProblem("stamp.unreachable", address=parts.hostname) from None
    if kind != _TYPE or len(data) > LARGEST:
        raise EnvironmentProblem("stamp.unreachable", address=parts.hostname)
    return data
