"""Enrolment by a login: a real provider, a real server, a device - and those who lie to them."""

import json
import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
import pytest

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError, RuleViolation
from meti_desk.server import keys, people, storage
from meti_desk.server.settings import Oidc, Proxy, Settings
from meti_desk.server.syncing import Server
from meti_desk.server.web import application
from meti_desk.services import login
from meti_desk.services.syncing import Syncing, SyncView
from meti_desk.sync.landing import LoopbackLanding
from meti_desk.sync.login import BEGIN, FINISH, LoginFinish, LoginStarted
from tests.unit.server import provider as small
from tests.unit.server.test_attacks import call
from tests.unit.services.fakes import World

URL = "https://sync.example.go.jp"
NOW = small.NOW * 1000


class Line:
    """The way to a server in this process; `meddle` may change what goes and what comes."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.headers: dict[str, str] = {}
        self.going: Callable[[str, bytes], bytes] = lambda _path, body: body
        self.coming: Callable[[str, bytes], bytes] = lambda _path, body: body

    def post(self, url: str, body: bytes, headers: Any, *, timeout: float) -> tuple[int, bytes]:
        assert timeout > 0
        path = url.removeprefix(URL)
        status, answer = call(self.app, path, self.going(path, body), self.headers)
        return status, self.coming(path, answer)


class Browser:
    """A landing whose visitor is the person at the provider; `back` may change the visit."""

    address = "http://127.0.0.1:50123/enrolled"

    def __init__(self, idp: small.Provider) -> None:
        self.idp = idp
        self.opened: list[str] = []
        self.back: Callable[[str], str] = lambda query: query

    def visited(self, login: str) -> str:
        self.opened.append(login)
        return self.back(urlsplit(self.idp.log_in(login)).query)


class Office:
    def __init__(self, world: World, idp: small.Provider, folder: Path) -> None:
        folder.mkdir()
        storage.make(folder)
        self.world, self.idp = world, idp
        self.server = Server(storage.Database(folder), keys.make(folder))
        staff = (
            people.Person("y1", "山田", "政策課", "Yamada@meti.go.jp"),
            people.Person("s1", "佐藤", "政策課", "sato@meti.go.jp"),
            people.Person("q1", "退職者", "政策課", "left@meti.go.jp", active=False),
            people.Person("d1", "一人目", "政策課", "same@meti.go.jp"),
            people.Person("d2", "二人目", "政策課", "same@meti.go.jp"),
            people.Person("n1", "無し", "政策課", ""),
        )
        people.put_people(self.server.database, staff, NOW)
        oidc = Oidc(issuer=idp.issuer, client_id=small.CLIENT)
        self.moment = NOW
        app = application(self.server, lambda: self.moment, Settings(oidc=oidc))
        self.line = Line(app)
        self.browser = Browser(idp)
        self.area = Syncing(world.ctx, self.line)

    def enrol(self, pinned: str = "") -> SyncView:
        return self.area.enrol_by_login(URL, self.browser, pinned)

    def refused(self, pinned: str = "") -> str:
        with pytest.raises(MetiDeskError) as caught:
            self.enrol(pinned)
        assert not self.area.status().enrolled
        assert self.server.database.run("SELECT 1 FROM devices") == []
        return caught.value.code

    def reasons(self) -> list[str]:
        """Give what the audit chain says of refusals."""
        told = [msgspec.msgpack.decode(one.what) for one in self.server.database.entries()]
        return [one["reason"] for one in told if one["what"] == "refused"]


@pytest.fixture(scope="module")
def provider() -> Iterator[small.Provider]:
    made = small.Provider()
    yield made
    made.close()


@pytest.fixture
def office(world: World, provider: small.Provider, tmp_path: Path) -> Iterator[Office]:
    provider.change, provider.email = (lambda _claims: None), "yamada@meti.go.jp"
    made = Office(world, provider, tmp_path / "ministry")
    yield made
    made.server.database.close()


def test_who_logs_in_gets_a_device_of_theirs_without_a_code(office: Office) -> None:
    view = office.enrol(office.server.key.fingerprint)
    assert (view.enrolled, view.person) == (True, "y1")
    ((person, public),) = office.server.database.run("SELECT person, public FROM devices")
    assert (person, public) == ("y1", office.world.store.sealer.public_key())
    told = [msgspec.msgpack.decode(one.what) for one in office.server.database.entries()]
    assert {"what": "admitted", "device": view.device, "person": "y1", "way": "login"} in told
    asked = dict(parse_qsl(urlsplit(office.browser.opened[0]).query))
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert office.reasons() == []


def test_roles_and_units_of_the_token_are_not_believed(office: Office) -> None:
    office.idp.change = lambda claims: claims.update(
        role="office responsible", roles=["office"], groups=["総務課"], unit="総務課"
    )
    office.enrol()
    assert office.server.database.run("SELECT unit, role FROM people WHERE id = 'y1'") == [
        ("政策課", "staff")
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"email": "nobody@meti.go.jp"}, "person"),
        ({"email": "left@meti.go.jp"}, "person"),
        ({"email": "same@meti.go.jp"}, "person"),
        ({"email": " "}, "claim"),
        ({"email": "%"}, "person"),
        ({"email": "y1' OR '1'='1"}, "person"),
        ({"email_verified": False}, "unverified"),
        ({"iss": "https://other"}, "iss"),
        ({"aud": "other"}, "aud"),
        ({"nonce": "other"}, "nonce"),
        ({"exp": small.NOW - 600}, "exp"),
    ],
)
def test_whoever_it_is_not_gets_one_answer_and_a_line_in_the_chain(
    office: Office, change: dict[str, Any], reason: str
) -> None:
    office.idp.change = lambda claims: claims.update(change)
    assert office.refused() == "oidc.refused"
    assert office.reasons() == [reason]


def test_a_login_is_good_for_one_key_once_and_soon(office: Office) -> None:
    sent: list[bytes] = []

    def keep(path: str, body: bytes) -> bytes:
        if path == FINISH:
            sent.append(body)
        return body

    office.line.going = keep
    office.enrol()
    database = office.server.database
    # The same once more.
    status, answer = call(office.line.app, FINISH, sent[0], {})
    assert (status, msgspec.msgpack.decode(answer)["code"]) == (403, "oidc.refused")
    # Another key under the nonce of this one: neither its own proof nor a stolen one helps.
    asked = msgspec.msgpack.decode(sent[0], type=LoginFinish)
    thief = Thief()
    proof = thief.sign(login.proof_message(asked.nonce, asked.code, thief.public))
    for changed in (
        msgspec.structs.replace(asked, public=thief.public),
        msgspec.structs.replace(asked, public=thief.public, proof=proof),
        msgspec.structs.replace(asked, code="another"),
    ):
        raw = msgspec.msgpack.encode(changed)
        assert call(office.line.app, FINISH, raw, {})[0] == 403
    assert office.reasons() == ["again", "proof", "nonce", "proof"]
    assert len(database.run("SELECT 1 FROM devices")) == 1


class Thief:
    def __init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.generate()
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def test_a_login_that_took_too_long_is_refused(office: Office) -> None:
    def late(path: str, body: bytes) -> bytes:
        if path == FINISH:
            office.moment += 11 * 60_000
        return body

    office.line.going = late
    assert office.refused() == "oidc.refused"
    assert office.reasons() == ["late"]


def test_what_comes_back_belongs_to_this_login(office: Office) -> None:
    for back in (
        lambda query: query.replace("state=", "state=x"),
        lambda _query: "error=access_denied&state=x",
        lambda query: f"{query}&error=access_denied",
        lambda query: urlencode([("state", dict(parse_qsl(query))["state"])]),
        lambda _query: "",
    ):
        office.browser.back = back
        assert office.refused() == "login.refused"
    office.browser.back = lambda query: query.replace("code=", "code=x")
    assert office.refused() == "oidc.provider"


def test_another_server_and_strange_addresses_are_not_followed(office: Office) -> None:
    assert office.refused("0" * 16) == "sync.other-server"
    with pytest.raises(InvalidInput, match=r"enrol\.code-form"):
        office.enrol("0")
    for address in ("file:///etc/passwd", "javascript:alert(1)", "http://evil.example.jp/",
                    "https://", "https://x y", "https://x/\x1b[31m", "https://[", ""):  # fmt: skip

        def other(path: str, answer: bytes, address: str = address) -> bytes:
            if path != BEGIN:
                return answer
            started = msgspec.msgpack.decode(answer, type=LoginStarted)
            return msgspec.msgpack.encode(msgspec.structs.replace(started, address=address))

        office.line.coming = other
        assert office.refused() == "login.address"
    assert office.browser.opened == []


@pytest.mark.parametrize(
    "change",
    [
        {"redirect": "http://127.0.0.1:5/other"},
        {"redirect": "http://evil.example.jp:80/enrolled"},
        {"redirect": "http://127.0.0.1:80/enrolled#x"},
        {"public": b"short"},
        {"state": "short"},
        {"challenge": "no challenge"},
        {"redirect": 5},
    ],
)
def test_a_beginning_that_is_none_is_refused(office: Office, change: dict[str, Any]) -> None:
    asked = {"public": bytes(32), "redirect": Browser.address, "state": "s" * 43,
             "challenge": "c" * 43} | change  # fmt: skip
    status, answer = call(office.line.app, BEGIN, msgspec.msgpack.encode(asked), {})
    assert (status, msgspec.msgpack.decode(answer)["code"]) == (400, "enrol.malformed")


def test_without_a_provider_there_is_no_login(office: Office, world: World) -> None:
    area = Syncing(world.ctx, Line(application(office.server, lambda: NOW)))
    with pytest.raises(RuleViolation, match=r"oidc\.off"):
        area.enrol_by_login(URL, office.browser)
    gone = Settings(oidc=Oidc(issuer="http://127.0.0.1:1", client_id="x"))
    area = Syncing(world.ctx, Line(application(office.server, lambda: NOW, gone)))
    with pytest.raises(EnvironmentProblem, match=r"oidc\.provider"):
        area.enrol_by_login(URL, office.browser)


def test_the_landing_takes_one_visit_and_passes_over_others() -> None:
    def person(address: str) -> None:
        def visit() -> None:
            port = urlsplit(landing.address).port or 0
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                pass  # says nothing and goes
            for path in ("/favicon.ico", "/enrolled?state=s&code=c"):
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                        seen.append((path, answer.status))
                except HTTPError as error:
                    error.close()
                    seen.append((path, error.code))

        shown.append(address)
        thread = threading.Thread(target=visit)
        thread.start()
        threads.append(thread)

    seen: list[tuple[str, int]] = []
    shown: list[str] = []
    threads: list[threading.Thread] = []
    landing = LoopbackLanding(person, seconds=20)
    try:
        assert landing.visited("https://login.example.jp") == "state=s&code=c"
    finally:
        landing.close()
    threads[0].join(20)
    assert shown == ["https://login.example.jp"]
    assert seen == [("/favicon.ico", 404), ("/enrolled?state=s&code=c", 200)]


def test_nobody_comes() -> None:
    landing = LoopbackLanding(lambda _address: None, seconds=0.05)
    try:
        with pytest.raises(EnvironmentProblem, match=r"login\.nobody"):
            landing.visited("https://login.example.jp")
    finally:
        landing.close()


def proxied(office: Office, address: str, header: str) -> tuple[int, dict[str, Any]]:
    proxy = Proxy(addresses=(address,), person_header="x-client-mail")
    app = application(office.server, lambda: NOW, Settings(proxy=proxy))
    body = msgspec.msgpack.encode({"public": bytes(range(32)), "name": "PC"})
    headers = {"x-client-mail": header} if header else {}
    status, answer = call(app, "/v1/proxy/enrol", body, headers)
    return status, msgspec.msgpack.decode(answer)


def test_a_proxy_names_a_person_only_from_its_own_address(office: Office) -> None:
    # The tests' requests come from 192.0.2.7.
    assert proxied(office, "10.0.0.1", "yamada@meti.go.jp")[0] == 403
    assert proxied(office, "192.0.2.0/24", "nobody@meti.go.jp")[0] == 403
    assert proxied(office, "192.0.2.0/24", "")[0] == 403
    assert office.reasons() == ["address", "person", "header"]
    status, told = proxied(office, "192.0.2.7", "yamada@meti.go.jp")
    assert (status, told["person"]) == (200, "y1")
    off = application(office.server, lambda: NOW)
    status, answer = call(off, "/v1/proxy/enrol", b"", {"x-client-mail": "yamada@meti.go.jp"})
    assert (status, msgspec.msgpack.decode(answer)["code"]) == (404, "proxy.off")
    assert json.dumps(told, default=str)


@pytest.mark.parametrize("retry", [7200, 10**18, -(10**18), "soon", None])
def test_a_device_waits_as_long_as_the_server_asks(
    office: Office, world: World, retry: object
) -> None:
    office.enrol()
    params = {} if retry is None else {"retry": retry}

    def busy(_path: str, _answer: bytes) -> bytes:
        return msgspec.msgpack.encode({"code": "rate.limited", "params": params})

    class Limited(Line):
        def post(self, *_all: Any, **_more: Any) -> tuple[int, bytes]:
            tries.append(world.clock.now())
            return 429, busy("", b"")

    tries: list[datetime] = []
    area = Syncing(world.ctx, Limited(office.line.app))
    assert area.when_due()
    began = world.clock.moment
    while len(tries) < 2:
        world.clock.moment += timedelta(minutes=10)
        area.when_due()
    waited = tries[1] - began
    assert waited >= timedelta(minutes=20)
    assert waited <= timedelta(hours=4, minutes=10)
    assert (waited >= timedelta(hours=2)) is (retry in (7200, 10**18))
    assert area.status().trouble == "rate.limited"
