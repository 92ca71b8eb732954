"""A permit in use: offline, for this content, this act, these recipients, in its period only."""

import dataclasses
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import msgspec
import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.measures import MeasureState
from meti_desk.server import people
from meti_desk.services import server_time
from meti_desk.services.home import home
from meti_desk.services.messages import ClassifyRequest, PlanRequest, ScrubRequest
from meti_desk.services.permit_messages import AskRequest, StandingRow
from meti_desk.services.plan import plan
from meti_desk.services.scrub import scrub
from meti_desk.sync.permits import PermitTold, statement_message
from tests.unit.services.fakes import MemorySettings
from tests.unit.services.permit_office import (
    HEAD,
    NO,
    PARTNER,
    REASON,
    STAFF,
    Device,
    Three,
    granted,
)
from tests.unit.services.test_syncing import URL

NOTED = "鈴木課長, 2026年11月20日, 口頭"


def handled(device: Device) -> dict[str, Any]:
    return device.world.records("handle")[-1]


def test_a_permit_is_used_offline_and_the_record_names_it(three: Three) -> None:
    _, staff, head = three
    path = staff.document()
    assert staff.refused(path) == "permission.missing"
    permit = granted(staff, head, path)
    row = staff.give(path)
    assert row.error is None
    assert handled(staff)["permit"] == {"kind": "granted", "note": "", "id": permit}
    named = staff.give(path, permit=permit)
    assert named.error is None
    assert handled(staff)["permit"]["id"] == permit


def test_marking_and_scrubbing_keep_a_permit_and_a_word_ends_it(three: Three) -> None:
    _, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path)
    out = staff.world.folder / "除去済み"
    out.mkdir()
    scrubbed = scrub(staff.ctx, ScrubRequest(paths=(str(path),), out=str(out)))
    copy = Path(scrubbed.files[0].out[0])
    assert staff.refused(copy, label=_label(copy)) == ""
    again = docx.Document(str(path))
    again.core_properties.author = "別の人"
    again.save(str(path))
    assert staff.refused(path) == ""
    again.add_paragraph("一語")
    again.save(str(path))
    assert staff.refused(path) == "permission.missing"
    assert staff.refused(path, permit=permit) == "permit.other-content"


def _label(path: Path) -> ClassifyRequest:
    return ClassifyRequest(paths=(str(path),), c=2, i=2, reason="審査中")


def test_a_permit_says_why_it_does_not_fit(three: Three) -> None:
    ministry, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path)
    other = staff.document("別案.docx", "別の案")
    assert staff.refused(other, permit=permit) == "permit.other-content"
    assert staff.refused(path, permit="no-such") == "permit.unknown"
    assert staff.refused(path, permit=permit, to=("else@example.com",)) == "permit.other-recipient"
    assert staff.refused(path, permit=permit, action="transfer") == "permit.other-action"
    later = staff.ask(path, since="2026-12-10", until="2026-12-20")
    refused = staff.ask(path)
    staff.sync()
    head.sync()
    head.decide(later.id)
    head.decide(refused.id, granted=False, note="必要がありません")
    head.sync()
    staff.sync()
    assert staff.refused(path, permit=later.id) == "permit.not-yet"
    assert staff.refused(path, permit=refused.id) == "permit.not-granted"
    assert head.refused(head.document(), permit=permit) == "permit.not-yours"
    ministry.later(60)
    assert staff.refused(path, permit=permit) == "permit.expired"
    assert staff.refused(path) == "permission.missing"


def test_only_a_request_for_this_very_act_is_one_that_waits(three: Three) -> None:
    _, staff, head = three
    path, other = staff.document(), staff.document("別案.docx", "別の案")
    assert staff.refused(path) == "permission.missing"
    asked = staff.ask(path).id
    for _ in ("unsent", "sent"):
        assert staff.refused(path) == "permission.waiting"
        assert staff.refused(path, to=("else@example.com",)) == "permission.missing"
        assert staff.refused(path, action="transfer") == "permission.missing"
        assert staff.refused(other) == "permission.missing"
        assert staff.refused(path, permit=asked) == "permission.waiting"
        staff.sync()
    later = staff.ask(other, since="2026-12-10", until="2026-12-20").id
    assert staff.refused(other) == "permission.waiting"
    head.sync()
    head.decide(asked, granted=False, note="必要がありません")
    head.sync()
    staff.sync()
    assert staff.refused(path) == "permission.missing"
    staff.permits.withdraw(later)
    assert staff.refused(other) == "permission.missing"


def test_a_clock_set_back_revives_no_permit(three: Three) -> None:
    ministry, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path)
    ministry.later(60)
    staff.sync()
    assert staff.row(permit).state == "expired"
    ministry.clock.moment -= timedelta(days=60)
    assert staff.refused(path) == "permission.missing"
    assert staff.refused(path, permit=permit) == "permit.expired"
    assert server_time.today(staff.ctx).isoformat() == "2027-01-19"


def test_a_clock_set_back_revives_none_before_the_next_sync_tells_it(three: Three) -> None:
    ministry, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path)
    mailbox = staff.world.store.mailbox
    held = mailbox.get("permit", permit)
    assert held is not None
    ministry.later(60)
    staff.sync()
    mailbox.rows["permit", permit] = held  # as it was signed before it ran out
    ministry.clock.moment -= timedelta(days=60)
    assert staff.refused(path, permit=permit) == "permit.expired"


def test_a_store_from_a_backup_with_a_clock_set_back_revives_none(three: Three) -> None:
    ministry, staff, head = three
    beside = MemorySettings()
    staff.ctx.memory = lambda: beside
    path = staff.document()
    permit = granted(staff, head, path)
    store = staff.world.store
    backup = dict(store.settings.rows), dict(store.mailbox.rows)
    ministry.later(60)
    staff.sync()
    store.settings.rows, store.mailbox.rows = backup
    ministry.clock.moment -= timedelta(days=60)
    assert staff.refused(path, permit=permit) == "permit.expired"


def test_two_permits_for_one_act_are_both_named_in_the_record(three: Three) -> None:
    _, staff, head = three
    path = staff.document()
    away: dict[str, Any] = {"action": "take-out", "recipients": ()}
    asked = [staff.ask(path, articles=(one,), **away).id for one in ("13", "77-1")]
    staff.sync()
    head.sync()
    head.decide(*asked)
    head.sync()
    staff.sync()
    done = {**NO, "takeout-purpose": "yes", "safety-measures": "yes"}
    assert staff.refused(path, action="take-out", to=(), decisions=done) == ""
    reasons = {one["id"]: one["reason"] for one in handled(staff)["measures"]}
    assert [reasons["permission"], reasons["offsite-permission"]] == asked
    record = staff.permits.record(staff.world.folder / "記録.csv").read_text(encoding="utf-8-sig")
    assert record.count("action.take-out 案.docx".replace(" ", "  ")) == len(asked)


def test_a_permit_that_was_revoked_ends_with_the_next_sync(three: Three) -> None:
    _, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path)
    with pytest.raises(Exception, match=r"permit\.reason-missing"):
        head.permits.revoke(permit, " ")
    head.permits.revoke(permit, "事情が変わりました")
    head.sync()
    assert staff.refused(path) == ""
    staff.sync()
    assert staff.refused(path) == "permission.missing"
    assert staff.refused(path, permit=permit) == "permit.not-granted"
    row = staff.row(permit)
    assert (row.state, row.ended_note, row.report_due) == ("revoked", "事情が変わりました", True)


def test_designated_measures_are_duties(three: Three) -> None:
    _, staff, head = three
    path = staff.document()
    granted(staff, head, path, designated=("encryption", "封筒に朱書きする"))
    (row,) = plan(
        staff.ctx,
        PlanRequest(action="provide", paths=(str(path),), to=(PARTNER,), area=0),
    )
    measures = {one.id: one for one in row.measures}
    assert measures["encryption"].strength == "mandatory"
    assert measures["designated:封筒に朱書きする"].state == MeasureState.OPEN.value
    assert staff.refused(path) == "measure.open"
    done = {**NO, "designated:封筒に朱書きする": "yes"}
    assert staff.refused(path, decisions=done) == "measure.open"  # encryption is no choice now
    done.pop("encryption")
    done.pop("password")
    assert staff.refused(path, decisions=done) == ""


def test_a_permit_for_a_kind_of_document_is_used_by_naming_it(three: Three) -> None:
    _, staff, head = three
    asked = staff.permits.ask(
        AskRequest(
            action="provide", blanket="定例の統計表", recipients=("@example.co.jp",), area=0,
            reason=REASON,
        )
    )  # fmt: skip
    assert asked.articles == ("13",)
    staff.sync()
    head.sync()
    head.decide(asked.id)
    head.sync()
    staff.sync()
    path = staff.document("統計.docx", "数字")
    assert staff.refused(path) == "permission.missing"
    assert staff.refused(path, permit=asked.id) == ""
    assert handled(staff)["permit"]["id"] == asked.id
    assert staff.refused(path, permit=asked.id, to=("x@example.com",)) == "permit.other-recipient"


def test_taking_out_from_the_request_to_the_report(three: Three) -> None:
    ministry, staff, head = three
    path = staff.document()
    asked = staff.ask(path, action="take-out", recipients=(), until="2026-11-25")
    assert asked.articles == ("13", "77-1")
    staff.sync()
    head.sync()
    head.decide(asked.id)
    head.sync()
    staff.sync()
    done = {**NO, "takeout-purpose": "yes", "safety-measures": "yes"}
    away: dict[str, Any] = {"action": "take-out", "to": (), "decisions": done}
    assert staff.refused(path, **away) == ""
    body = handled(staff)
    assert (body["action"], body["permit"]["id"]) == ("take-out", asked.id)
    assert {"transfer", "take-out"} <= set(body["acts"])
    ministry.later(10)
    staff.sync()
    head.sync()
    assert home(staff.ctx).permits.reports_due == (asked.id,)
    assert home(head.ctx).permits.unreported == (asked.id,)
    with pytest.raises(Exception, match=r"permit\.incomplete"):
        staff.permits.report(asked.id, " ")
    staff.permits.report(asked.id, "持ち帰り、端末から消去しました")
    assert home(staff.ctx).permits.reports_due == ()
    staff.sync()
    head.sync()
    assert head.row(asked.id).report == "持ち帰り、端末から消去しました"
    assert (head.row(asked.id).state, staff.row(asked.id).state) == ("reported", "reported")
    assert not home(head.ctx).permits.unreported


def test_who_is_responsible_finds_out_where_no_report_comes(three: Three) -> None:
    ministry, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path)
    ministry.later(60)
    head.sync()
    head.permits.report(permit, "電話で、終わったことを確かめました")
    head.sync()
    staff.sync()
    row = head.row(permit)
    assert (row.state, row.reporter) == ("reported", "鈴木課長")
    assert not staff.row(permit).report_due


def test_home_tells_what_waits_and_what_was_answered(three: Three) -> None:
    ministry, staff, head = three
    path = staff.document()
    asked = staff.ask(path, until="2026-11-26")
    staff.sync()
    head.sync()
    assert home(head.ctx).permits.to_decide == (asked.id,)
    head.decide(asked.id)
    assert not home(head.ctx).permits.to_decide
    head.sync()
    staff.sync()
    told = home(staff.ctx).permits
    assert (told.answered, told.ending) == ((asked.id,), ((asked.id, "2026-11-26", 6),))
    ministry.later(5)
    assert home(staff.ctx).permits.ending == ((asked.id, "2026-11-26", 1),)
    ministry.later(9)
    told = home(staff.ctx).permits
    assert (told.answered, told.ending) == ((), ())


def allowing_notes(device: Device) -> None:
    device.world.rules(permits=dataclasses.replace(device.world.policy.permits, noted_allowed=True))


def test_a_noted_permission_is_confirmed_or_denied_by_who_is_responsible(three: Three) -> None:
    _, staff, head = three
    allowing_notes(staff)
    for number in range(2):
        path = staff.document(f"案{number}.docx", f"補助金 {number}")
        assert staff.refused(path, permit_noted=NOTED) == ""
    assert home(staff.ctx).unconfirmed_permits == 2
    staff.sync()
    head.sync()
    rows = head.permits.view().noted
    assert {(one.who, one.when, one.how, one.state) for one in rows} == {
        ("鈴木課長", "2026年11月20日", "口頭", "waiting")
    }
    assert {one.title for one in rows} == {"案0.docx", "案1.docx"}
    assert set(home(head.ctx).permits.to_confirm) == {one.id for one in rows}
    with pytest.raises(Exception, match=r"permit\.own-request"):
        staff.permits.judge_noted(rows[0].id, right=True, note="")
    with pytest.raises(Exception, match=r"permit\.reason-missing"):
        head.permits.judge_noted(rows[1].id, right=False, note="")
    with pytest.raises(Exception, match=r"noted\.unknown"):
        head.permits.judge_noted("no-such", right=True, note="")
    head.permits.judge_noted(rows[0].id, right=True, note="")
    with pytest.raises(Exception, match=r"permit\.pending"):
        head.permits.judge_noted(rows[0].id, right=False, note="いいえ")
    head.permits.judge_noted(rows[1].id, right=False, note="聞いていません")
    assert not home(head.ctx).permits.to_confirm
    head.sync()
    staff.sync()
    seen = home(staff.ctx)
    assert seen.unconfirmed_permits == 0
    assert seen.permits.denied == (rows[1].event,)
    states = {one.id: (one.state, one.note) for one in staff.permits.view().noted}
    assert states[rows[0].id] == ("confirmed", "")
    assert states[rows[1].id] == ("denied", "聞いていません")
    with pytest.raises(Exception, match=r"noted\.judged"):
        head.permits.judge_noted(rows[0].id, right=True, note="")
    before = len(staff.world.records("permit-noted"))
    staff.sync()
    assert len(staff.world.records("permit-noted")) == before == 2


def test_a_permission_noted_before_the_device_was_enrolled_is_told_later(three: Three) -> None:
    ministry, staff, head = three
    allowing_notes(staff)
    staff.syncing.leave()
    assert staff.refused(staff.document(), permit_noted=NOTED) == ""
    assert not staff.world.records("permit-noted")
    assert home(staff.ctx).unconfirmed_permits == 1
    key = ministry.server.key.fingerprint
    code = people.new_code(ministry.server.database, STAFF, key, ministry.now()).code
    staff.syncing.enrol(code, URL)
    staff.sync()
    head.sync()
    (row,) = head.permits.view().noted
    assert (row.title, row.person) == ("案.docx", "山田太郎")
    head.permits.judge_noted(row.id, right=True, note="")
    head.sync()
    staff.sync()
    assert home(staff.ctx).unconfirmed_permits == 0


def test_a_decision_in_advance_answers_and_is_cited(three: Three) -> None:
    ministry, staff, head = three
    path = staff.document()
    granted(staff, head, path)
    wish = StandingRow(
        id="", measure="split", answer="no", levels=(2,), until="2027-03-31",
        reason="一通で足りるため",
    )  # fmt: skip
    with pytest.raises(Exception, match=r"permit\.wrong-decider"):
        staff.permits.stand(wish)
    for change in ({"measure": "guess"}, {"answer": "perhaps"}, {"reason": " "}, {"until": "x"}):
        with pytest.raises(Exception, match=r"standing\.invalid"):
            head.permits.stand(msgspec.structs.replace(wish, **change))
    said = head.permits.stand(wish)
    assert (said.pending, said.in_force) == (True, False)
    head.sync()
    staff.sync()
    (row,) = staff.permits.view().standing
    assert (row.id, row.in_force, row.decider) == (said.id, True, "鈴木課長")
    rest = {name: answer for name, answer in NO.items() if name != "split"}
    assert staff.refused(path, decisions=rest) == ""
    entry = next(one for one in handled(staff)["measures"] if one["id"] == "split")
    assert entry == {"id": "split", "state": "declined", "reason": f"{said.id}: 一通で足りるため"}
    head.permits.end_standing(said.id)
    head.sync()
    staff.sync()
    assert not staff.permits.view().standing[0].in_force
    with pytest.raises(Exception, match=r"standing\.unknown"):
        head.permits.end_standing("no-such")
    del ministry


def test_a_standing_decision_that_nobody_signed_answers_nothing(three: Three) -> None:
    _, staff, head = three
    head.permits.stand(
        StandingRow(id="", measure="split", answer="no", until="2027-03-31", reason="一通のため")
    )
    head.sync()
    staff.sync()
    mailbox = staff.world.store.mailbox
    (held,) = mailbox.of("standing")
    mailbox.rows["standing", held.id] = held._replace(body=held.body[:-3] + b"abc")
    assert not staff.permits.view().standing


def test_a_permit_of_another_server_is_none(three: Three) -> None:
    _, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path)
    mailbox = staff.world.store.mailbox
    held = mailbox.get("permit", permit)
    assert held is not None
    told = msgspec.msgpack.decode(held.body, type=PermitTold)
    stranger = head.world.store.sealer.sign(statement_message(told.statement))
    body = msgspec.msgpack.encode(msgspec.structs.replace(told, signature=stranger))
    mailbox.rows["permit", permit] = held._replace(body=body)
    assert staff.refused(path, permit=permit) == "permit.unverified"
    assert staff.refused(path) == "permission.missing"
    assert HEAD


def test_who_receives_it_is_said_and_is_one_person_at_a_time(three: Three) -> None:
    _ministry, staff, head = three
    path = staff.document()
    asked = staff.ask(path, action="transfer", recipients=("@example.com",))
    for one in (staff, head):
        one.sync()
    head.decide(asked.id)
    for one in (head, staff):
        one.sync()
    act: dict[str, Any] = {"action": "transfer", "permit": asked.id}
    assert staff.refused(path, **act, to=()) == "permit.no-recipient"
    for several in ("x@evil.example,a@example.com", "x@evil.example <a@example.com>"):
        with pytest.raises(InvalidInput, match=r"^recipient\.invalid"):
            staff.give(path, **act, to=(several,))
    assert staff.refused(path, **act, to=("x@evil.example",)) == "permit.other-recipient"
    assert staff.refused(path, **act, to=("花子 <a@Example.com>",)) == ""


def test_every_device_of_who_asked_reads_what_was_asked(three: Three) -> None:
    ministry, staff, _head = three
    other = ministry.device(STAFF)
    for one in (staff, other):
        one.sync()
    asked = staff.ask(staff.document())
    for one in (staff, other):
        one.sync()
    row = other.row(asked.id)
    assert row.mine
    assert (row.reason, [one.title for one in row.documents]) == (REASON, ["案.docx"])


def test_a_request_whose_period_is_over_waits_for_nobody(three: Three) -> None:
    ministry, staff, head = three
    path = staff.document()
    sent = staff.ask(path, until="2026-11-22").id
    staff.sync()
    head.sync()
    unsent = staff.ask(path, until="2026-11-22").id
    assert staff.refused(path) == "permission.waiting"
    ministry.later(3)
    for device, permit in ((staff, sent), (staff, unsent), (head, sent)):
        row = device.row(permit)
        assert (row.state, row.decidable, row.report_due) == ("lapsed", False, False)
    assert head.permits.view().to_decide == ()
    assert [one.id for one in head.permits.view().decided] == [sent]
    assert home(head.ctx).permits.to_decide == ()
    assert set(home(staff.ctx).permits.answered) == {sent, unsent}
    assert staff.refused(path) == "permission.missing"
    assert staff.refused(path, permit=sent) == "permit.expired"
    with pytest.raises(Exception, match=r"permit\.period-over"):
        head.decide(sent)
    head.sync()  # the server looks, and tells it to those who come afterwards
    for device in (staff, head):
        device.sync()
        row = device.row(sent)
        assert (row.state, row.revision, row.ender, row.ended_note) == (
            "lapsed", 2, "", "permit.note-lapsed",
        )  # fmt: skip
    record = staff.permits.record(staff.world.folder / "記録.csv").read_text(encoding="utf-8-sig")
    assert record.count("permit.state.lapsed") == 2
    assert record.count("permit.note-lapsed") == 1
    ministry.later(8)
    assert not home(staff.ctx).permits.answered
