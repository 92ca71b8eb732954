"""What the server could not do is told where it belongs, and nowhere else."""

import msgspec
import pytest

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.policy import Permits as PermitPolicy
from meti_desk.services import enrolment
from meti_desk.services.outcomes import arrived
from meti_desk.services.permit_words import opened, sealed
from meti_desk.sync.mail import OUTCOME, Mail, Outcome
from meti_desk.sync.sealed import readers_of
from tests.unit.services.permit_office import DEPUTY, REASON, STAFF, Device, Three


def tell(device: Device, seq: int, kind: str, *, of: str = "") -> str:
    known = enrolment.enrolled(device.ctx)
    told = Outcome(device=of or known.device, seq=seq, kind=kind, code="permit.malformed")
    body = msgspec.msgpack.encode(told)
    mail = Mail(person=STAFF, kind=OUTCOME, id=f"x:{seq}", revision=99, body=body)
    return arrived(device.ctx, known, mail)


def test_only_the_device_that_said_it_stops_waiting(three: Three) -> None:
    _, staff, _ = three
    permit = staff.ask(staff.document()).id
    seq = staff.world.store.ledger.held[-1].seq
    for wrong in (
        {"seq": seq, "kind": "permit-asked", "of": "f" * 32},
        {"seq": seq, "kind": "permit-decided"},
        {"seq": seq, "kind": "toy"},
        {"seq": seq + 5, "kind": "permit-asked"},
        {"seq": 0, "kind": "permit-asked"},
        {"seq": seq - 1, "kind": "permit-asked"},
    ):
        assert tell(staff, **wrong) == "permit.malformed"  # type: ignore[arg-type] # all fit
        assert staff.row(permit).pending == "permit-asked"
    assert tell(staff, seq, "permit-asked") == "permit.malformed"
    row = staff.row(permit)
    assert (row.pending, row.refusal, row.state) == ("", "permit.malformed", "refused")


def test_a_refusal_of_something_older_does_not_touch_what_was_said_since(three: Three) -> None:
    _, staff, _ = three
    permit = staff.ask(staff.document()).id
    seq = staff.world.store.ledger.held[-1].seq
    staff.permits.withdraw(permit)
    tell(staff, seq, "permit-asked")
    assert staff.row(permit).pending == "permit-withdrawn"


def test_an_outcome_that_is_none_is_kept_for_a_later_version(three: Three) -> None:
    _, staff, _ = three
    known = enrolment.enrolled(staff.ctx)
    mail = Mail(person=STAFF, kind=OUTCOME, id="x", revision=1, body=b"\xc1")
    with pytest.raises(InvalidInput, match=r"sync\.not-understood"):
        arrived(staff.ctx, known, mail)


def test_refusals_of_notes_and_decisions_in_advance_are_told_at_them(three: Three) -> None:
    from meti_desk.services.home import home
    from meti_desk.services.permit_messages import StandingRow

    ministry, _, head = three
    wish = StandingRow(id="", measure="split", answer="no", until="2027-03-31", reason="一通")
    said = head.permits.stand(wish)
    seq = head.world.store.ledger.held[-1].seq
    tell(head, seq, "standing-decided")
    (row,) = head.permits.view().standing
    assert (row.pending, row.refusal) == (False, "permit.malformed")
    assert home(head.ctx).permits.refused == (said.id,)
    ministry.later(8)
    assert home(head.ctx).permits.refused == ()


def test_words_are_read_by_those_they_are_sealed_for_alone(three: Three) -> None:
    ministry, staff, head = three
    stranger = ministry.device("y2")
    stranger.sync()
    told = enrolment.unit(staff.ctx)
    closed = sealed(staff.ctx, told, "p1", b"words", ("13",))
    assert [opened(one.ctx, "p1", closed) for one in (staff, head, stranger)] == [
        b"words", b"words", None,
    ]  # fmt: skip
    assert opened(head.ctx, "p2", closed) is None
    assert opened(head.ctx, "p1", closed, "report") is None
    assert opened(head.ctx, "p1", closed[:-1] + bytes((closed[-1] ^ 1,))) is None
    assert opened(head.ctx, "p1", b"") is None


def test_words_are_sealed_for_who_may_decide_these_articles_and_for_no_other_post(
    three: Three,
) -> None:
    ministry, staff, head = three
    ministry.put(DEPUTY, role="staff system manager")
    system = ministry.device(DEPUTY)
    staff.sync()
    told = enrolment.unit(staff.ctx)
    for articles, reads in ((("13",), False), (("38-8",), True), (("13", "77-1"), False)):
        closed = sealed(staff.ctx, told, "p1", b"words", articles)
        assert readers_of(closed) >= {staff.id, head.id}
        assert (system.id in readers_of(closed)) is reads
    with pytest.raises(RuleViolation, match=r"sealed\.no-readers"):
        sealed(staff.ctx, told, "p1", b"words", ("73-3", "38-2"))
    # 異動: who takes the post reads what waits, once the asker's device has synced.
    asked = staff.ask(staff.document())
    staff.sync()
    ministry.put(DEPUTY, role="staff responsible")
    for one in (staff, system):
        one.sync()
    assert system.row(asked.id).reason == REASON
    spoken = len(staff.world.store.mailbox.spoken)
    staff.sync()
    assert len(staff.world.store.mailbox.spoken) == spoken


def test_a_stand_in_reads_only_where_the_policy_names_the_post(three: Three) -> None:
    ministry, staff, _ = three
    ministry.put(DEPUTY, role="staff post:総括補佐")
    stand_in = ministry.device(DEPUTY)
    staff.sync()
    told = enrolment.unit(staff.ctx)
    assert stand_in.id not in readers_of(sealed(staff.ctx, told, "p1", b"words", ("13",)))
    staff.world.rules(permits=PermitPolicy(stand_ins=("総括補佐",)))
    assert stand_in.id in readers_of(sealed(staff.ctx, told, "p1", b"words", ("13",)))
