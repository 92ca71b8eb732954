"""Who loses a post, or moves, keeps nothing on the device that came only by it (Art. 24-7)."""

import re
from pathlib import Path

import pytest

from meti_desk.data import read_text
from meti_desk.domain.events_store import FORGOTTEN
from meti_desk.domain.policy import Permits as PermitPolicy
from meti_desk.server import people, publishing
from meti_desk.services import permit_held, register_book, reviews
from meti_desk.services.permit_messages import AskRequest, DecideRequest
from meti_desk.services.register_messages import RegisterNote
from meti_desk.services.review_messages import JudgeRequest
from meti_desk.standard.policy_file import parse_policy
from meti_desk.sync.mail import MAIL
from meti_desk.sync.permits import PERMIT
from meti_desk.sync.register import REGISTER
from meti_desk.sync.reviews import REVIEW
from tests.unit.services.ministry import EnrolledDevice
from tests.unit.services.unit_office import (
    CANARY,
    COLLEAGUE,
    DEPUTY,
    HEAD,
    OTHER_UNIT,
    STAFF,
    STRANGER,
    UNIT,
    Device,
    Ministry,
)

OTHERS = (REVIEW, REGISTER, PERMIT)
BESIDE = (reviews.SAID, register_book.OWN, permit_held.OWN)


@pytest.fixture
def ministry(tmp_path: Path) -> Ministry:
    return Ministry(tmp_path)


def asked(device: Device, path: Path) -> str:
    given = AskRequest(
        action="provide", recipients=("tanaka@example.co.jp",), area=0, paths=(str(path),),
        reason=f"{CANARY}の共同調査",
    )  # fmt: skip
    return device.permits.ask(given).id


def ids(device: Device, *kinds: str) -> set[str]:
    mailbox = device.world.store.mailbox
    return {one.id for kind in kinds for one in mailbox.of(kind)}


def told_twice(device: Device) -> None:
    """Sync, and once more as a device that takes all mail from the beginning."""
    device.sync()
    device.world.store.mailbox.move(MAIL, 0)
    device.sync()


@pytest.fixture
def both(ministry: Ministry) -> tuple[Device, Device, dict[str, str]]:
    """Let a head hold things of staff - waiting, judged, decided - and things of their own."""
    head, staff = ministry.device(HEAD), ministry.device(STAFF)
    head.sync()
    made = {}
    for name in ("waits", "given"):
        path = staff.document(f"{CANARY}{name}.docx", c=3)
        made[name] = asked(staff, path)
    own = head.document(f"課長の{CANARY}.docx", c=3)
    staff.sync()
    head.sync()
    head.permits.decide(DecideRequest(ids=(made["given"],), granted=True, note="よろしい"))
    first, *_ = head.reviews.view().to_judge
    head.reviews.judge(JudgeRequest(ids=(first.id,)))
    (entry, *_) = [one for one in head.register.view().entries if not one.mine]
    head.register.note(RegisterNote(entry=entry.id, access=("課員",), reason="決めました"))
    head.sync()
    made["own"] = str(own)
    assert all(ids(head, kind) for kind in (*OTHERS, *BESIDE))
    return head, staff, made


def words_of(device: Device) -> str:
    """Give all that the device shows of requests, reviews and the register."""
    view = device.reviews.view()
    shown = [view.to_judge, view.judged, device.register.view().entries, device.permits.view()]
    return repr(shown)


@pytest.mark.parametrize(("role", "unit"), [("staff", UNIT), ("staff responsible", OTHER_UNIT)])
def test_what_came_by_a_post_goes_with_it(
    ministry: Ministry, both: tuple[Device, Device, dict[str, str]], role: str, unit: str
) -> None:
    head, staff, made = both
    assert f"{CANARY}waits.docx" in words_of(head)
    before = head.world.store.ledger.verify().events
    ministry.put(HEAD, role=role, unit=unit)
    told_twice(head)
    store = head.world.store
    assert ids(head, PERMIT, permit_held.OWN) == {made["given"]}
    assert ids(head, reviews.SAID) == set()
    told = words_of(head)
    assert f"{CANARY}waits" not in told
    assert f"{CANARY}given" not in told
    # One's own stays, and what one decided is still known and signed.
    assert [one.mine for one in head.register.view().entries] == [True]
    assert [one.mine for one in head.reviews.view().mine] == [True]
    row = head.permits.show(made["given"])
    assert (row.state, row.verified, row.note, row.reason) == ("granted", True, "よろしい", "")
    (event,) = store.ledger.events(kinds=(FORGOTTEN,))
    count = event.data()["count"]
    assert isinstance(count, int)
    assert count >= 5
    assert store.ledger.verify().events > before
    # Nothing more is forgotten, and nothing comes again.
    staff.document(f"{CANARY}neu.docx", c=3)
    staff.sync()
    told_twice(head)
    assert len([*store.ledger.events(kinds=(FORGOTTEN,))]) == 1
    assert f"{CANARY}neu" not in words_of(head)
    assert staff.permits.show(made["waits"]).reason == f"{CANARY}の共同調査"


def test_who_moves_gets_what_the_new_unit_has_and_keeps_it(
    ministry: Ministry, both: tuple[Device, Device, dict[str, str]]
) -> None:
    head, _, _ = both
    stranger = ministry.device(STRANGER)
    stranger.document(f"{CANARY}別件.docx", c=3)
    stranger.sync()
    ministry.put(HEAD, role="staff responsible", unit=OTHER_UNIT)
    head.sync()
    stranger.sync()
    # Somebody's device makes the server tell anew who reads: behind all that it handed over.
    ministry.device(STRANGER)
    told_twice(head)
    assert [one.owner for one in head.reviews.view().to_judge] == ["伊藤次郎"]
    assert [one.title for one in head.register.view().entries if not one.mine] == [
        f"{CANARY}別件.docx"
    ]


def test_a_stand_in_whose_post_the_standard_names_elsewhere_keeps_what_it_may_decide(
    ministry: Ministry,
) -> None:
    """代理 of Art. 13 by a post that decides other articles of its own."""
    post = "情報システムセキュリティ責任者"
    shipped = read_text("forms", "policy.toml")
    version = parse_policy(shipped).version
    newer = shipped.replace(version, f"{version}.9", 1)
    newer = re.sub(r"(?m)^stand_ins\s*=.*$", f'stand_ins = ["{post}"]', newer)
    ministry.put(DEPUTY, role="staff system")
    staff, deputy = ministry.device(STAFF), ministry.device(DEPUTY)
    publishing.publish_policy(ministry.server.database, newer, ministry.now())
    for one in (staff, deputy):
        one.syncing.sync()  # takes the policy over, which it records
        one.world.rules(permits=PermitPolicy(stand_ins=(post,)))
    staff.sync()
    waits = asked(staff, staff.document(c=3))
    staff.sync()
    deputy.sync()
    assert ids(deputy, PERMIT) == {waits}
    ministry.put(COLLEAGUE, role="staff responsible")
    EnrolledDevice(ministry, COLLEAGUE, ministry.number()).syncing.sync()  # told to all here
    deputy.sync()
    assert ids(deputy, PERMIT) == {waits}
    assert deputy.permits.show(waits).reason == f"{CANARY}の共同調査"
    deputy.world.rules(permits=PermitPolicy())
    ministry.put(DEPUTY, role="staff system post:総務")
    told_twice(deputy)
    assert ids(deputy, PERMIT) == {waits}, "who knows what a newer policy lets 総務 do"
    ministry.put(DEPUTY, role="staff")
    told_twice(deputy)
    assert ids(deputy, PERMIT) == set()


def test_another_post_of_the_same_person_takes_nothing_away(
    ministry: Ministry, both: tuple[Device, Device, dict[str, str]]
) -> None:
    head, _, made = both
    ministry.put(HEAD, role="staff responsible system")
    head.sync()
    before = ids(head, *OTHERS, *BESIDE)
    ministry.put(HEAD, role="staff responsible")
    told_twice(head)
    assert ids(head, *OTHERS, *BESIDE) == before
    assert {made["waits"], made["given"]} <= before
    assert not [*head.world.store.ledger.events(kinds=(FORGOTTEN,))]


def test_a_device_of_a_later_version_is_not_misread(ministry: Ministry) -> None:
    head = ministry.device(HEAD)
    (held,) = head.world.store.mailbox.of("unit")
    people.put_person(
        ministry.server.database, people.Person(HEAD, "鈴木課長", UNIT), ministry.now()
    )
    rows = "UPDATE mail SET body = ? WHERE person = ? AND kind = 'unit'"
    database = ministry.server.database
    database.together(lambda: database.run(rows, (b"\x93later", HEAD)))
    head.sync()
    assert head.world.store.mailbox.get("unit", HEAD) == held
