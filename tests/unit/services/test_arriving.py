"""What is said goes along with its event; what comes is believed only when the server signed it."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import msgspec
import pytest

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, RuleViolation
from meti_desk.server import applying, mail, people
from meti_desk.server.storage import Place
from meti_desk.services import arriving, enrolment
from meti_desk.services.arriving import take_in
from meti_desk.services.context import Context
from meti_desk.services.saying import say
from meti_desk.sync.mail import MAIL, OUTCOME, Mail, Outcome
from meti_desk.sync.projection import MOST_SAID
from tests.unit.services.fakes import World
from tests.unit.services.test_syncing import Office

TOY = "toy-asked"


def heard(said: applying.Said) -> None:
    """Do what a toy asks: post it to its person, unless it asks for what is refused."""
    if said.body == b"no":
        raise RuleViolation("permit.own-request", articles=("13",))
    if said.body == b"broken":
        msgspec.msgpack.decode(b"\xc1")
    mail.post(said.database, (said.person.id,), "toy", "t1", said.body, said.at)


@pytest.fixture
def office(
    world: World, tmp_path: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    monkeypatch.setitem(applying.HANDLERS, TOY, f"{__name__}:heard")
    (tmp_path / "ministry").mkdir()
    made = Office(world, tmp_path / "ministry", place)
    yield made
    made.server.database.close()


def test_the_server_tells_who_one_is_and_who_decides(office: Office) -> None:
    boss = people.Person("y1", "山田", "総務課", role="staff responsible")
    people.put_person(office.server.database, boss, office.now())
    office.area.sync()
    office.area.sync()
    told = enrolment.unit(office.world.ctx)
    assert (told.unit, told.posts) == ("総務課", ("課室情報セキュリティ責任者",))
    (reader,) = told.readers
    assert reader.device == office.area.status().device
    assert reader.opening == office.world.store.sealer.opening_point()


def test_what_is_said_is_done_and_its_state_comes_back_once(office: Office) -> None:
    say(office.world.ctx, TOY, {"what": "toy"}, b"yes")
    office.area.sync()
    held = office.world.store.mailbox.get("toy", "t1")
    assert held is not None
    assert held.body == b"yes"
    before = held.revision
    office.area.sync()
    again = office.world.store.mailbox.get("toy", "t1")
    assert again is not None
    assert again.revision == before


@pytest.mark.parametrize(
    ("said", "code"), [(b"no", "permit.own-request"), (b"broken", applying.NOT_UNDERSTOOD)]
)
def test_what_cannot_be_done_is_told_and_stops_nothing(
    office: Office, said: bytes, code: str
) -> None:
    event = say(office.world.ctx, TOY, {"what": "toy"}, said)
    say(office.world.ctx, TOY, {"what": "toy"}, b"yes")
    assert office.area.sync().unsent == 0
    (held,) = office.world.store.mailbox.of(OUTCOME)
    told = msgspec.msgpack.decode(held.body, type=Outcome)
    assert (told.seq, told.kind, told.code) == (event.seq, TOY, code)
    assert office.world.store.mailbox.get("toy", "t1") is not None


def test_too_many_words_are_refused_before_they_are_recorded(office: Office) -> None:
    with pytest.raises(InvalidInput, match=r"sync\.said-too-long"):
        say(office.world.ctx, TOY, {}, bytes(MOST_SAID + 1))
    assert not [*office.world.store.ledger.events(kinds=(TOY,))]


def test_mail_of_others_and_mail_that_nobody_signed_is_refused(office: Office) -> None:
    ctx, known = office.world.ctx, enrolment.enrolled(office.world.ctx)

    def piece(person: str, revision: int) -> bytes:
        return msgspec.msgpack.encode(
            Mail(person=person, kind="toy", id="t9", revision=revision, body=b"x")
        )

    theirs = mail.signed(office.server.key, MAIL, 1_000, piece("y2", 1))
    forged = msgspec.structs.replace(theirs, body=piece("y1", 1))
    for bad in (theirs, forged):
        with pytest.raises(RuleViolation, match=r"sync\.download"):
            take_in(ctx, known, [bad])
    assert office.world.store.mailbox.get("toy", "t9") is None
    good = mail.signed(office.server.key, MAIL, 1_000, piece("y1", 5))
    assert take_in(ctx, known, [good])
    assert not take_in(ctx, known, [good])
    older = mail.signed(office.server.key, MAIL, 1_001, piece("y1", 4))
    assert take_in(ctx, known, [older])
    held = office.world.store.mailbox.get("toy", "t9")
    assert held is not None
    assert held.revision == 5


DISK = {"room": True}


def with_room(_ctx: Context, _known: enrolment.SyncState, _mail: Mail) -> str:
    """Take a toy, unless the disk is full."""
    if not DISK["room"]:
        raise EnvironmentProblem("store.full")
    return "taken"


def test_a_full_disk_is_not_taken_for_mail_that_nobody_can_read(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cast("dict[str, str]", arriving.MAILS), "toy", f"{__name__}:with_room")
    monkeypatch.setitem(DISK, "room", value=False)
    say(office.world.ctx, TOY, {"what": "toy"}, b"yes")
    with pytest.raises(EnvironmentProblem, match=r"store\.full"):
        office.area.sync()
    assert office.world.store.mailbox.get("toy", "t1") is None
    assert office.area.status().trouble == "store.full"
    monkeypatch.setitem(DISK, "room", value=True)
    office.area.sync()
    held = office.world.store.mailbox.get("toy", "t1")
    assert held is not None
    assert held.state == "taken"
