"""Enrolment by the word of a proxy that checked a client certificate (mTLS), where configured.

The header counts only from the addresses that `server.toml` names: anybody else who sends it is
refused, and that is recorded. The proxy has to take the header away from what others send.
"""

import ipaddress
from collections.abc import Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Scope

from meti_desk.server import people
from meti_desk.server.answering import answered, body_of, decoded
from meti_desk.server.identity_enrolment import admitted, one_of, refusal
from meti_desk.server.refusal import RefusalError
from meti_desk.server.settings import Settings
from meti_desk.server.web import EnrolAnswer, Site

PATH = "/v1/proxy/enrol"
_MOST_HOPS = 8


class ProxyEnrol(msgspec.Struct, frozen=True):
    """The key of the device that is to be made (Ed25519, 32 bytes), and its name."""

    public: bytes
    name: str = ""


def address_of(settings: Settings, scope: Scope) -> str:
    """Give the address of who asks; behind a known proxy, the one that it names.

    Read from the right: what stands left of an address that is no known proxy, somebody wrote.
    """
    client = scope.get("client")
    here: str = client[0] if client else ""
    if not settings.from_proxy(here):
        return here
    forwarded = (value for name, value in scope["headers"] if name == b"x-forwarded-for")
    hops = b",".join(forwarded).decode("latin-1").split(",")
    for hop in reversed(hops[-_MOST_HOPS:]):
        try:
            told = str(ipaddress.ip_address(hop.strip()))
        except ValueError:
            break
        here = told
        if not settings.from_proxy(told):
            break
    return here


def routes(site: Site) -> Sequence[BaseRoute]:
    """Give the address; `web.AREAS`."""

    async def enrol(request: Request) -> Response:
        body = await body_of(request.receive)
        return await answered(PATH, lambda: _enrol(site, request, body), site.counters)

    return [Route(PATH, enrol, methods=["POST"])]


def _enrol(site: Site, request: Request, body: bytes) -> EnrolAnswer:
    proxy, now = site.settings.proxy, site.now()
    if not proxy.person_header:
        raise RefusalError("proxy.off")
    site.count_try(PATH, site.address_of(request))
    here = request.client.host if request.client else ""
    if not site.settings.from_proxy(here):
        raise refusal(site.server, "proxy.refused", "address", now)
    told = request.headers.getlist(proxy.person_header)
    if len(told) != 1:
        raise refusal(site.server, "proxy.refused", "header", now)
    person = one_of(site.server.database, proxy.matches, told[0].strip())
    if person is None:
        raise refusal(site.server, "proxy.refused", "person", now)
    asked = decoded(body, ProxyEnrol, "enrol.malformed")
    if len(asked.public) != people.PUBLIC_LENGTH:
        raise RefusalError("enrol.malformed")
    return admitted(site.server, person, asked.public, asked.name, "proxy", now)
