"""Permits between people: asked offline, decided by who may, told to every device."""

import dataclasses
from datetime import date
from pathlib import Path

import msgspec
import pytest

from meti_desk.domain import events_permit
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.permit import SYSTEM_HEAD, UNIT_HEAD
from meti_desk.domain.policy import Exemption
from meti_desk.services import enrolment, permit_held
from meti_desk.services.permit_arriving import permit as take_permit
from meti_desk.services.permit_held import statement_of
from meti_desk.services.permit_words import sealed
from meti_desk.services.saying import say
from meti_desk.sync import permits as wire
from meti_desk.sync.mail import Mail
from meti_desk.sync.permits import PermitTold
from tests.unit.services.fakes import World
from tests.unit.services.permit_office import (
    COLLEAGUE,
    DEPUTY,
    HEAD,
    NAMES,
    PARTNER,
    REASON,
    STAFF,
    UNIT,
    Ministry,
    Three,
    granted,
)


def test_the_kinds_of_the_ledger_are_those_of_the_wire() -> None:
    said = {
        wire.ASKED, wire.DECIDED, wire.WITHDRAWN, wire.REVOKED, wire.REPORTED, wire.NOTED,
        wire.CONFIRMED, wire.STANDING,
    }  # fmt: skip
    assert set(events_permit.KINDS) == said


def test_a_request_waits_offline_and_is_never_a_permission(three: Three) -> None:
    _, staff, _ = three
    path = staff.document()
    row = staff.ask(path)
    assert (row.state, row.revision, row.pending) == ("requested", 0, "permit-asked")
    assert row.mine
    assert not row.decidable
    assert row.articles == ("13",)
    assert (row.documents[0].title, row.documents[0].label) == ("案.docx", "C2I2A1")
    assert row.reason == REASON
    assert staff.refused(path) == "permission.waiting"
    assert staff.refused(path, permit=row.id) == "permission.waiting"


def test_what_is_asked_is_decided_and_comes_back_signed(three: Three) -> None:
    _, staff, head = three
    path = staff.document()
    asked = staff.ask(path, measures=("封書にします",))
    staff.sync()
    waiting = staff.row(asked.id)
    assert (waiting.state, waiting.pending, waiting.requester) == ("requested", "", NAMES[STAFF])
    head.sync()
    view = head.permits.view()
    (row,) = view.to_decide
    assert view.posts == (UNIT_HEAD,)
    assert (row.decidable, row.mine, row.verified) == (True, False, True)
    assert (row.reason, row.measures) == (REASON, ("封書にします",))
    assert row.documents[0].title == "案.docx"
    (decided,) = head.decide(row.id, designated=("封筒に朱書きする",), note="よろしい")
    assert (decided.state, decided.pending) == ("requested", "permit-decided")
    assert not decided.decidable
    with pytest.raises(RuleViolation, match=r"permit\.pending"):
        head.decide(row.id)
    head.sync()
    staff.sync()
    for one in (head.row(row.id), staff.row(row.id)):
        assert (one.state, one.decider, one.post) == ("conditional", NAMES[HEAD], UNIT_HEAD)
        assert (one.designated, one.note, one.pending) == (("封筒に朱書きする",), "よろしい", "")
    assert [one.id for one in staff.permits.view().mine] == [row.id]
    assert [one.id for one in head.permits.view().decided] == [row.id]
    assert not staff.permits.view().decides


def test_the_server_reads_no_titles_and_no_reasons(three: Three) -> None:
    ministry, staff, _ = three
    staff.ask(staff.document("極めて内密な案.docx"))
    staff.sync()
    kept = b"".join(path.read_bytes() for path in ministry.folder.iterdir() if path.is_file())
    assert "内密".encode() not in kept
    assert "共同調査".encode() not in kept
    assert PARTNER.encode() in kept  # the scope is in clear, for the server signs it


def test_nobody_decides_their_own_and_staff_decide_nothing(three: Three) -> None:
    ministry, staff, head = three
    with pytest.raises(RuleViolation, match=r"permit\.sole-decider"):
        head.ask(head.document())
    ministry.put(DEPUTY, role="staff responsible")
    ministry.device(DEPUTY)
    head.sync()
    own = head.ask(head.document())
    head.sync()
    with pytest.raises(RuleViolation, match=r"permit\.own-request"):
        head.decide(own.id)
    asked = staff.ask(staff.document())
    staff.sync()
    with pytest.raises(RuleViolation, match=r"permit\.own-request"):
        staff.decide(asked.id)
    head.sync()
    ministry.put(HEAD)
    head.sync()
    # What came by the post went with it.
    with pytest.raises(RuleViolation, match=r"permit\.unknown"):
        head.decide(asked.id)


def test_who_alone_decides_is_told_who_may_decide_instead(three: Three) -> None:
    ministry, _, head = three
    path = head.document()
    ministry.put(DEPUTY, role="staff system")  # reads what is sealed here, and decides no Art. 13
    ministry.device(DEPUTY)
    head.sync()
    with pytest.raises(RuleViolation, match=r"permit\.sole-decider"):
        head.ask(path)
    named = dataclasses.replace(head.world.policy.permits, stand_ins=("総括補佐",))
    head.world.rules(permits=named)
    with pytest.raises(RuleViolation, match=r"permit\.stand-in-missing") as caught:
        head.ask(path)
    assert caught.value.params["posts"] == "総括補佐"
    ministry.put(COLLEAGUE, role="staff post:総括補佐")
    ministry.device(COLLEAGUE)
    assert not head.permits.view().mine
    head.sync()
    readers = enrolment.unit(head.ctx).readers
    assert {one.person for one in readers if "総括補佐" in one.posts} == {COLLEAGUE}
    assert head.ask(path).state == "requested"


def test_a_decision_needs_its_reason_and_its_days(three: Three) -> None:
    _, staff, head = three
    asked = staff.ask(staff.document(), until="2026-12-01")
    staff.sync()
    head.sync()
    with pytest.raises(RuleViolation, match=r"permit\.reason-missing"):
        head.decide(asked.id, granted=False, note=" ")
    for day in ("2026-12-02", "2026-11-01", "soon"):
        with pytest.raises(InvalidInput, match=r"permit\.period"):
            head.decide(asked.id, until=day)
    head.decide(asked.id, until="2026-11-25")
    head.sync()
    staff.sync()
    assert staff.row(asked.id).until == "2026-11-25"


def test_a_batch_is_decided_as_a_whole_or_not_at_all(three: Three) -> None:
    _, staff, head = three
    ids = [staff.ask(staff.document(f"案{n}.docx", f"補助金 {n}")).id for n in range(3)]
    staff.sync()
    head.sync()
    with pytest.raises(RuleViolation, match=r"permit\.unknown"):
        head.decide(*ids, "no-such")
    assert all(head.row(one).pending == "" for one in ids)
    assert len(head.decide(*ids, *ids)) == len(ids)
    head.sync()
    staff.sync()
    assert {one.state for one in staff.permits.view().mine} == {"granted"}


def test_a_request_is_taken_back_before_it_was_sent_and_after(three: Three) -> None:
    _, staff, head = three
    path = staff.document()
    early = staff.ask(path)
    assert staff.permits.withdraw(early.id).pending == "permit-withdrawn"
    assert staff.refused(path) == "permission.missing"
    staff.sync()
    assert staff.row(early.id).state == "withdrawn"
    late = staff.ask(path)
    staff.sync()
    staff.permits.withdraw(late.id)
    staff.sync()
    head.sync()
    assert {one.state for one in head.permits.view().decided} <= {"withdrawn"}
    with pytest.raises(RuleViolation, match=r"permit\.wrong-state"):
        staff.permits.withdraw(late.id)
    with pytest.raises(RuleViolation, match=r"permit\.unknown"):
        staff.permits.withdraw("no-such")


def test_a_decision_that_came_too_late_is_told_at_its_permit(three: Three) -> None:
    _, staff, head = three
    asked = staff.ask(staff.document())
    staff.sync()
    head.sync()
    staff.permits.withdraw(asked.id)
    staff.sync()
    head.decide(asked.id)
    head.wire.meddle = lambda _asked: None
    head.sync()
    row = head.row(asked.id)
    assert (row.state, row.pending) == ("withdrawn", "")


def test_a_request_that_the_server_does_not_take_stops_waiting(three: Three) -> None:
    ministry, staff, _ = three
    first = staff.ask(staff.document())
    staff.sync()
    colleague = ministry.device(COLLEAGUE)
    colleague.sync()
    path = colleague.document()
    colleague.ctx.ids.document_id = lambda: first.id  # type: ignore[method-assign] # the same
    asked = colleague.ask(path)
    colleague.sync()
    row = colleague.row(asked.id)
    assert (row.state, row.pending, row.refusal) == ("refused", "", "permit.id-taken")
    assert (row.decider, row.mine) == ("", True)
    assert colleague.refused(path) == "permission.missing"
    assert colleague.refused(path, permit=asked.id) == "permit.not-granted"
    with pytest.raises(RuleViolation, match=r"permit\.wrong-state"):
        colleague.permits.withdraw(asked.id)
    assert staff.row(first.id).state == "requested"


def test_two_devices_of_one_person_converge(three: Three) -> None:
    ministry, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path)
    second = ministry.device(STAFF)
    second.sync()
    one, other = staff.row(permit), second.row(permit)
    assert (one.state, other.state, other.mine) == ("granted", "granted", True)
    assert one.revision == other.revision
    copy = second.world.folder / "案.docx"
    copy.write_bytes(path.read_bytes())
    assert second.refused(copy) == ""
    second.permits.report(permit, "終わりました")
    second.sync()
    staff.sync()
    assert staff.row(permit).state == "reported"


def test_a_new_decider_reads_what_was_asked_before(three: Three) -> None:
    ministry, staff, head = three
    asked = staff.ask(staff.document())
    staff.sync()
    ministry.put(DEPUTY, role="staff responsible")
    deputy = ministry.device(DEPUTY)
    staff.sync()
    staff.sync()
    deputy.sync()
    (row,) = deputy.permits.view().to_decide
    assert (row.id, row.reason, row.documents[0].title) == (asked.id, REASON, "案.docx")
    deputy.decide(row.id)
    deputy.sync()
    head.sync()
    staff.sync()
    assert staff.row(asked.id).decider == NAMES[DEPUTY]
    assert head.row(asked.id).state == "granted"


def test_what_nobody_signed_is_no_permit_and_older_states_stay_away(three: Three) -> None:
    _, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path)
    known = enrolment.enrolled(staff.ctx)
    mailbox = staff.world.store.mailbox
    held = mailbox.get("permit", permit)
    assert held is not None
    told = msgspec.msgpack.decode(held.body, type=PermitTold)
    statement = statement_of(told)

    def piece(changed: PermitTold, about: str = permit) -> Mail:
        body = msgspec.msgpack.encode(changed)
        return Mail(person=STAFF, kind="permit", id=about, revision=99, body=body)

    longer = msgspec.structs.replace(
        statement, scope=msgspec.structs.replace(statement.scope, until="2099-01-01")
    )
    forged = msgspec.structs.replace(told, statement=msgspec.msgpack.encode(longer))
    assert take_permit(staff.ctx, known, piece(forged)) is None
    with pytest.raises(InvalidInput, match=r"permit\.unverified"):
        take_permit(staff.ctx, known, piece(told, "another"))
    older = msgspec.structs.replace(statement, revision=1, state="requested")
    raw = msgspec.msgpack.encode(older)
    signature = staff.ministry.server.key.sign(wire.statement_message(raw))
    old = msgspec.structs.replace(told, statement=raw, signature=signature)
    assert take_permit(staff.ctx, known, piece(old)) is None
    assert take_permit(staff.ctx, known, piece(told)) == "granted"
    mailbox.rows["permit", permit] = held._replace(body=msgspec.msgpack.encode(forged))
    assert not staff.row(permit).verified
    assert staff.refused(path) == "permission.missing"
    assert staff.refused(path, permit=permit) == "permit.unverified"


def test_nothing_is_asked_where_nobody_could_read_it(world: World, tmp_path: Path) -> None:
    ministry = Ministry(tmp_path)
    staff = ministry.device(STAFF)
    path = staff.document()
    staff.sync()
    with pytest.raises(RuleViolation, match=r"sealed\.no-readers"):
        staff.ask(path)
    assert not staff.permits.view().mine
    ministry.close()
    del world


def test_a_device_that_is_not_enrolled_asks_nothing(world: World) -> None:
    from meti_desk.services.permit_messages import AskRequest
    from meti_desk.services.permits import Permits

    area = Permits(world.ctx)
    with pytest.raises(RuleViolation, match=r"sync\.not-enrolled"):
        area.ask(AskRequest(action="provide", paths=(), reason=REASON))
    view = area.view()
    assert (view.enrolled, view.mine, view.decides) == (False, (), False)


@pytest.mark.parametrize(
    ("change", "code", "what"),
    [
        ({"reason": " "}, "permit.incomplete", "reason"),
        ({"paths": ()}, "permit.incomplete", "documents"),
        ({"until": "2026-11-19"}, "permit.incomplete", "period"),
        ({"until": "never"}, "permit.incomplete", "period"),
        ({"articles": ("99",)}, "permit.incomplete", "articles"),
        ({"action": "lend"}, "permit.action", None),
        ({"action": "publish"}, "publish.not-c1", None),
        ({"action": "store", "recipients": ()}, "permit.not-needed", None),
    ],
)
def test_a_request_says_what_it_lacks(
    three: Three, change: dict[str, object], code: str, what: str | None
) -> None:
    _, staff, _ = three
    with pytest.raises((InvalidInput, RuleViolation)) as caught:
        staff.ask(staff.document(), **{"area": 1, **change} if code.endswith("needed") else change)
    assert caught.value.code == code
    assert caught.value.params.get("what") == what
    assert not staff.permits.view().mine


def test_what_has_no_content_to_compare_is_not_asked_for(three: Three) -> None:
    _, staff, _ = three
    path = staff.document()
    inspect = staff.world.workers.jobs["inspect"]
    staff.world.workers.jobs["inspect"] = lambda wants, files: msgspec.structs.replace(
        inspect(wants, files), digest=""
    )
    with pytest.raises(RuleViolation, match=r"permit\.no-digest"):
        staff.ask(path)


def test_a_system_is_asked_for_without_a_document(three: Three) -> None:
    ministry, staff, head = three
    ministry.put(DEPUTY, role="staff system")
    system = ministry.device(DEPUTY)
    staff.sync()
    software = {"action": "use", "recipients": (), "articles": ("38-4",)}
    asked = staff.ask(Path(), paths=(), **software)
    assert (asked.articles, asked.actions, asked.documents) == (("38-4",), ("use",), ())
    with pytest.raises(InvalidInput, match=r"permit\.action"):
        staff.ask(staff.document(), **software)
    with pytest.raises(RuleViolation, match=r"permit\.no-decider"):
        staff.ask(Path(), paths=(), **{**software, "articles": ("38-4", "73-3")})
    staff.sync()
    head.sync()
    system.sync()
    assert not head.permits.view().to_decide
    system.decide(asked.id)
    system.sync()
    staff.sync()
    assert (staff.row(asked.id).state, staff.row(asked.id).post) == ("granted", SYSTEM_HEAD)


def test_a_permission_that_the_ministry_ruled_away_is_not_asked_for(three: Three) -> None:
    _, staff, _ = three
    path = staff.document()
    staff.world.rules(
        exemptions=(
            Exemption(
                article="13", reference="令和8年規程第1号", ruled_by="課長",
                ruled_on=date(2026, 4, 1), scope="both", confidentiality=(2,),
            ),
        )
    )  # fmt: skip
    with pytest.raises(RuleViolation, match=r"permit\.exempt") as caught:
        staff.ask(path)
    assert caught.value.params["reference"] == "令和8年規程第1号"


def test_an_undecided_document_is_asked_for_only_once_it_is_decided(three: Three) -> None:
    _, staff, _ = three
    with pytest.raises(RuleViolation, match=r"label\.undecided"):
        staff.ask(staff.world.word("未決定.docx"))


def test_who_asks_for_a_colleague_is_not_they(three: Three) -> None:
    ministry, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path)
    colleague = ministry.device(COLLEAGUE)
    colleague.sync()
    with pytest.raises(RuleViolation, match=r"permit\.unknown"):
        colleague.permits.report(permit, "終わりました")
    assert UNIT


@pytest.mark.parametrize(
    "said",
    [b"\x82\xa6titles\x91\xa1\xff\xa6reason\xa1x", b"\x81\xa1z" + b"\x91" * 40_000 + b"\xc0"],
)
def test_words_that_are_none_keep_nothing_else_from_being_shown(three: Three, said: bytes) -> None:
    _ministry, staff, head = three
    own = staff.ask(staff.document())
    asked = permit_held.own(staff.ctx, own.id).asked
    assert asked is not None
    told = enrolment.unit(staff.ctx)
    odd = msgspec.structs.replace(
        asked, id="odd", words=sealed(staff.ctx, told, "odd", said, ("13",))
    )
    say(staff.ctx, wire.ASKED, {}, msgspec.msgpack.encode(odd))
    staff.sync()
    head.sync()
    shown = {one.id: one for one in head.permits.view().to_decide}
    assert shown["odd"].reason == ""
    assert shown[own.id].reason == REASON
