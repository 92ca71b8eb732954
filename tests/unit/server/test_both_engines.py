"""Publication, readiness, figures and logins say the same on both engines."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from meti_desk.data import read_text
from meti_desk.domain.errors import InvalidInput
from meti_desk.server import auditing, keys, people, publishing
from meti_desk.server.identity_enrolment import Logins, admitted, one_of
from meti_desk.server.observing import shared, troubles
from meti_desk.server.oidc import Provider, challenge_of
from meti_desk.server.refusal import RefusalError
from meti_desk.server.settings import Oidc
from meti_desk.server.storage import Database, Place
from meti_desk.server.syncing import Server
from meti_desk.sync.login import LoginBegin, LoginFinish, proof_message
from meti_desk.sync.snapshots import unpack
from tests.unit.server import provider as small
from tests.unit.services.fakes import KeySealer

NOW = small.NOW * 1000
POLICY = read_text("forms", "policy.toml")


@pytest.fixture
def server(place: Place, tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "key"
    folder.mkdir()
    made = Server(Database(place), keys.make(folder))
    staff = (
        people.Person("y1", "山田", "政策課", "Yamada@meti.go.jp"),
        people.Person("a1", "一人目", "政策課", "same@meti.go.jp"),
        people.Person("a2", "二人目", "政策課", "same@meti.go.jp"),
    )
    people.put_people(made.database, staff, NOW)
    yield made
    assert auditing.verify(made.database).intact
    made.database.close()


def policy(version: str) -> str:
    return POLICY.replace('version = "2026.1"', f'version = "{version}"', 1)


def test_what_is_published_is_given_once(server: Server) -> None:
    database = server.database
    first = publishing.publish_policy(database, policy("2026.2"), NOW)
    assert publishing.publish_policy(database, policy("2026.2"), NOW + 5).number == first.number
    second = publishing.publish_policy(database, policy("2026.3"), NOW)
    assert (first.number, second.number) == (NOW, NOW + 1)
    with pytest.raises(InvalidInput, match=r"publish\.not-newer"):
        publishing.publish_policy(database, policy("2026.2"), NOW + 9)
    form, procedure = (
        read_text("forms", f"selfcheck/{name}.toml") for name in ("staff", "staff-procedure")
    )
    published = publishing.publish_form(database, form, procedure, "staff", NOW)
    given, more = publishing.downloads(database, server.key, {})
    assert ([one.topic for one in given], more) == (["policy", published.topic], False)
    assert unpack(given[0].body, "policy").label == "2026.3"
    held = {"policy": second.number, published.topic: published.number}
    assert publishing.downloads(database, server.key, held) == ([], False)
    assert publishing.downloads(database, server.key, {"policy": 1 << 62})[0][0].topic != "policy"
    assert [one.topic for one in publishing.forms(database)] == [published.topic]


def test_it_is_ready_and_counts_what_is_held(server: Server) -> None:
    assert troubles(server.database, NOW) == []
    admitted(server, "y1", bytes(range(32)), "PC", "login", NOW)
    told = shared(server.database)
    assert (told["people"], told["devices"], told["events_held"]) == (3, 1, 0)
    assert troubles(server.database, NOW) == []
    assert troubles(server.database, NOW - 3_600_000) == ["clock"]


def test_a_person_is_found_by_mail_or_id_and_only_one(server: Server) -> None:
    database = server.database
    assert one_of(database, "mail", "yamada@METI.go.jp") == "y1"
    assert one_of(database, "id", "y1") == "y1"
    for column, value in (("id", "Y1"), ("mail", "same@meti.go.jp"), ("mail", ""), ("mail", "%"),
                          ("mail", "x\x00"), ("id", "' OR 1=1 --")):  # fmt: skip
        assert one_of(database, column, value) is None


def test_a_login_is_used_once(server: Server) -> None:
    idp = small.Provider()
    try:
        oidc = Oidc(issuer=idp.issuer, client_id=small.CLIENT)
        logins = Logins(server, Provider(oidc, "", lambda: 0.0), "mail")
        device, redirect = KeySealer(3), "http://127.0.0.1:5000/enrolled"
        begun = LoginBegin(
            public=device.public_key(), redirect=redirect, state="s" * 43,
            challenge=challenge_of("v" * 43),
        )  # fmt: skip
        started = logins.begin(begun, NOW)
        code = idp.log_in(started.address).partition("code=")[2].partition("&")[0]
        finish = LoginFinish(
            public=begun.public, name="PC", redirect=redirect, nonce=started.nonce, code=code,
            verifier="v" * 43, proof=device.sign(proof_message(started.nonce, code, begun.public)),
        )  # fmt: skip
        assert logins.finish(finish, NOW).person == "y1"
        with pytest.raises(RefusalError, match=r"oidc\.refused"):
            logins.finish(finish, NOW)
    finally:
        idp.close()
    told = [msgspec.msgpack.decode(one.what) for one in server.database.entries()]
    assert [one["reason"] for one in told if one["what"] == "refused"] == ["again"]
