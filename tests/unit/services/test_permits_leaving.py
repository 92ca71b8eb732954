"""What is left of permits when a device leaves its server, and what it says to the next one."""

import csv
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from meti_desk.domain.errors import RuleViolation
from meti_desk.server import people
from meti_desk.server.web import application
from meti_desk.services import elsewhere, enrolment, permit_held
from meti_desk.services.home import home
from meti_desk.services.permit_messages import StandingRow
from meti_desk.sync.mail import OUTCOME
from meti_desk.sync.permits import ASKED, PermitTold
from tests.unit.services.permit_office import (
    DEPUTY,
    HEAD,
    NAMES,
    PARTNER,
    REASON,
    Device,
    Ministry,
    Three,
    granted,
)
from tests.unit.services.test_syncing import URL


def cases(ministry: Ministry) -> list[tuple[str, str]]:
    """List what a server holds of permits, and what it keeps of them for later."""
    return [
        tuple(row)
        for row in ministry.server.database.run(
            "SELECT kind, id FROM cases"
            " WHERE kind IN ('permit', 'permit-early', 'noted', 'standing') ORDER BY kind, id"
        )
    ]


def total(device: Device) -> int:
    return len(device.world.store.ledger.held)


def stand(head: Device) -> str:
    row = StandingRow(id="", measure="split", answer="no", until="2027-03-31", reason="一通のため")
    return head.permits.stand(row).id


def record(device: Device, name: str = "記録.csv") -> list[dict[str, str]]:
    path = device.permits.record(device.world.folder / name)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [*csv.DictReader(file)]
    return [{key.removeprefix("permit.record."): one[key] for key in one} for one in lines]


def enrol(device: Device, ministry: Ministry) -> None:
    """Enrol a device that left, with this ministry or another."""
    key = ministry.server.key.fingerprint
    code = people.new_code(ministry.server.database, device.person, key, ministry.now())
    device.wire.app = application(ministry.server, ministry.now)
    device.syncing.enrol(code.code, URL)


@pytest.fixture
def other(three: Three, tmp_path: Path) -> Iterator[Ministry]:
    """Make a second ministry, whose clock is that of the first."""
    folder = tmp_path / "other"
    folder.mkdir()
    made = Ministry(folder)
    made.clock, made._devices = three[0].clock, 50  # other keys than those of the first
    yield made
    made.close()


def test_the_record_outlives_the_server_and_permits_nothing(three: Three) -> None:
    _, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path, note="よろしい")
    assert staff.give(path).error is None
    staff.permits.report(permit, "渡しました")
    staff.sync()
    head.sync()
    for device in (staff, head):
        (before,) = record(device)
        device.syncing.leave()
        (after,) = record(device, "後.csv")
        assert after.pop("state") == f"{before.pop('state')}（permit.left）"
        assert after == before
    assert (after["documents"][:6], after["reason"]) == ("案.docx", REASON)
    row = staff.row(permit)
    assert (row.state, row.left, row.verified, row.mine) == ("reported", True, True, True)
    assert not head.row(permit).mine
    assert [one.id for one in staff.permits.view().mine] == [permit]
    assert [one.id for one in head.permits.view().decided] == [permit]


def test_a_permit_in_force_is_of_no_use_after_leaving(three: Three) -> None:
    _, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path)
    assert staff.refused(path, permit=permit) == ""
    staff.syncing.leave()
    assert staff.refused(path) == "permission.missing"
    assert staff.refused(path, permit=permit) == "permit.before-leaving"
    assert staff.refused(path, permit="no-such") == "permit.unknown"
    row = staff.row(permit)
    assert (row.state, row.left, row.report_due, row.decider) == (
        "granted", True, False, NAMES[HEAD],
    )  # fmt: skip
    seen = home(staff.ctx).permits
    assert (seen.answered, seen.ending, seen.reports_due) == ((), (), ())
    with pytest.raises(RuleViolation, match=r"sync\.not-enrolled"):
        staff.permits.withdraw(permit)


def test_a_report_that_is_missing_stays_marked_in_the_record(three: Three) -> None:
    ministry, staff, head = three
    over = granted(staff, head, staff.document(), until="2026-11-22")
    waived = granted(
        staff, head, staff.document("別.docx", "別の案"), until="2026-11-22", report_waived=True
    )
    runs = granted(staff, head, staff.document("後.docx", "後の案"), until="2026-11-30")
    ministry.later(5)
    assert staff.row(over).report_due
    for device in (staff, head):
        device.syncing.leave()
        rows = {one.id: device.row(one.id) for one in permit_held.past(device.ctx)}
        assert {name: one.unreported for name, one in rows.items()} == {
            over: True, waived: False, runs: False,
        }  # fmt: skip
        assert not any(one.report_due for one in rows.values())
        told = {one["id"]: one["report"] for one in record(device)}
        assert told == {over: "permit.record.due", waived: "permit.record.waived", runs: ""}
        seen = home(device.ctx).permits
        assert (seen.reports_due, seen.unreported) == ((), ())
    ministry.later(6)
    assert staff.row(runs).unreported


def test_what_was_never_answered_waits_no_more(three: Three) -> None:
    _, staff, head = three
    path = staff.document()
    sent = staff.ask(path).id
    staff.sync()
    head.sync()
    head.decide(sent)
    unsent = staff.ask(path).id
    staff.syncing.leave()
    head.syncing.leave()
    rows = {one.id: one for one in staff.permits.view().mine}
    assert {one.state for one in rows.values()} == {"left"}
    assert {one.pending for one in rows.values()} == {""}
    assert (rows[unsent].reason, rows[unsent].recipients) == (REASON, (PARTNER,))
    assert len(record(staff)) == 2
    assert staff.refused(path) == "permission.missing"
    view = head.permits.view()
    assert not view.to_decide
    assert [(one.id, one.state, one.decidable, one.pending) for one in view.decided] == [
        (sent, "left", False, "")
    ]


def test_what_the_old_server_did_not_sign_is_no_record_of_it(three: Three) -> None:
    _, staff, head = three
    permit = granted(staff, head, staff.document())
    staff.syncing.leave()
    mailbox = staff.world.store.mailbox
    (held,) = mailbox.of(permit_held.PAST)
    kept = msgspec.msgpack.decode(held.body, type=permit_held.Past)
    told = msgspec.msgpack.decode(kept.told, type=PermitTold)
    forged = msgspec.structs.replace(told, signature=bytes(64))
    body = msgspec.structs.replace(kept, told=msgspec.msgpack.encode(forged))
    mailbox.put(held._replace(body=msgspec.msgpack.encode(body)))
    assert not staff.row(permit).verified
    assert "permit.record.unverified" in record(staff)[0]["state"]


def test_the_same_server_takes_it_up_again(three: Three) -> None:
    ministry, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path)
    asked = staff.ask(path).id
    staff.sync()
    for device in (staff, head):
        device.syncing.leave()
        enrol(device, ministry)
        assert device.row(permit).left
        device.sync()
        device.sync()
        row = device.row(permit)
        assert (row.state, row.left, row.verified, row.reason) == ("granted", False, True, REASON)
        assert row.documents[0].title == "案.docx"
        assert len(record(device)) == 2
    assert staff.refused(path, permit=permit) == ""
    assert (staff.row(asked).state, staff.row(asked).pending) == ("requested", "")
    assert staff.permits.withdraw(asked).pending == "permit-withdrawn"
    staff.sync()
    assert staff.row(asked).state == "withdrawn"
    staff.syncing.leave()
    assert {one.state for one in staff.permits.view().mine} == {"granted", "withdrawn"}
    assert {one["reason"] for one in record(staff)} == {REASON}


def test_another_server_is_not_asked_for_what_an_older_one_was(
    three: Three, other: Ministry
) -> None:
    _, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path)
    staff.ask(path)
    staff.sync()
    other.device(HEAD)
    staff.syncing.leave()
    before = len(staff.world.records(ASKED))
    enrol(staff, other)
    staff.sync()
    staff.sync()
    other.put(DEPUTY, role="staff responsible")
    other.device(DEPUTY)
    staff.sync()
    staff.sync()
    assert len(staff.world.records(ASKED)) == before == 2
    assert staff.refused(path, permit=permit) != ""
    old = [one for one in record(staff) if one["id"] == permit and one["decider"]]
    assert [one["decider"][:4] for one in old] == [NAMES[HEAD]]
    assert old[0]["state"] == "permit.state.granted（permit.left）"
    assert cases(other) == []
    held = other.server.database.run("SELECT COUNT(*) FROM events WHERE kind = ?", (ASKED,))
    assert held == [(before,)]  # the log itself is whole


def test_what_was_decided_for_one_server_decides_nothing_at_another(
    three: Three, other: Ministry
) -> None:
    _, staff, head = three
    granted(staff, head, staff.document())
    stood = stand(head)
    head.sync()
    head.syncing.leave()
    enrol(head, other)
    other.put(HEAD, role="staff responsible")
    head.sync()
    head.sync()
    assert cases(other) == []
    assert not [one for one in head.world.store.mailbox.of(OUTCOME) if one.revision]
    (row,) = head.permits.view().standing
    assert (row.id, row.left, row.in_force, row.pending) == (stood, True, False, False)
    assert row.decider == NAMES[HEAD]
    with pytest.raises(RuleViolation, match=r"standing\.unknown"):
        head.permits.end_standing(stood)
    new = stand(head)
    head.sync()
    assert [(kind, name) for kind, name in cases(other)] == [("standing", new)]
    assert {one.id: (one.in_force, one.left) for one in head.permits.view().standing} == {
        stood: (False, True), new: (True, False),
    }  # fmt: skip


def test_parts_of_the_log_are_told_apart_by_server(three: Three, other: Ministry) -> None:
    ministry, staff, _ = three
    first = staff.ask(staff.document()).id
    staff.syncing.leave()  # never sent
    one = total(staff)
    enrol(staff, other)
    assert enrolment.state(staff.ctx).elsewhere == ((1, one),)
    other.device(HEAD)
    staff.sync()
    staff.sync()
    second = staff.ask(staff.document("別.docx", "別の案")).id
    staff.sync()
    assert cases(other) == [("permit", second)]
    staff.syncing.leave()
    two = total(staff)
    enrol(staff, ministry)
    assert enrolment.state(staff.ctx).elsewhere == ((one + 1, two),)
    staff.sync()
    assert cases(ministry) == [("permit", first)]  # said to this one, and sent only now
    staff.syncing.leave()
    enrol(staff, other)
    assert enrolment.state(staff.ctx).elsewhere == ((1, one), (two + 1, total(staff)))
    assert elsewhere.parts(staff.ctx, b"a third", total(staff)) == ((1, total(staff)),)


def test_a_device_that_left_with_an_earlier_version_asks_nothing_elsewhere(
    three: Three, other: Ministry
) -> None:
    ministry, staff, _ = three
    staff.ask(staff.document())
    staff.sync()
    staff.syncing.leave()
    staff.world.store.settings.rows.pop("sync.told")
    last, settings = total(staff), staff.world.store.settings
    assert elsewhere.parts(staff.ctx, ministry.server.key.public, last) == ()
    assert elsewhere.parts(staff.ctx, other.server.key.public, last) == ((1, last),)
    assert not settings.get("sync.told")


def test_notes_and_decisions_in_advance_are_shown_as_they_were_left(three: Three) -> None:
    ministry, staff, head = three
    for device in (staff, head):
        permits = dataclasses.replace(device.world.policy.permits, noted_allowed=True)
        device.world.rules(permits=permits)
    for number in range(3):
        path = staff.document(f"案{number}.docx", f"補助金 {number}")
        assert staff.refused(path, permit_noted="鈴木課長, 2026年11月20日, 口頭") == ""
    staff.sync()
    head.sync()
    confirmed, denied, waits = (one.id for one in head.permits.view().noted)
    head.permits.judge_noted(confirmed, right=True, note="")
    head.permits.judge_noted(denied, right=False, note="いいえ")
    head.sync()
    staff.sync()
    told, untold = stand(head), ""
    head.sync()
    untold = stand(head)
    seen = {one.id: one for one in head.permits.view().standing}
    assert (seen[told].in_force, seen[untold].pending) == (True, True)
    for device in (staff, head):
        device.syncing.leave()
        device.syncing.status()
    rows = {one.id: one for one in staff.permits.view().noted}
    assert {name: one.state for name, one in rows.items()} == {
        confirmed: "confirmed", denied: "denied", waits: "left",
    }  # fmt: skip
    assert all(one.left and one.mine and not one.pending for one in rows.values())
    assert rows[confirmed].judged_by == NAMES[HEAD]
    assert home(staff.ctx).unconfirmed_permits == 0
    assert home(staff.ctx).permits.denied == (rows[denied].event,)
    stood = {one.id: (one.left, one.pending, one.decider) for one in head.permits.view().standing}
    assert stood == {told: (True, False, NAMES[HEAD]), untold: (True, False, "")}
    for device in (staff, head):
        enrol(device, ministry)
        device.sync()
        device.sync()
    again = {one.id: one for one in staff.permits.view().noted}
    assert (again[waits].state, again[waits].left) == ("waiting", False)
    assert len(staff.world.records("permit-noted")) == 3
    stood_again = {one.id: (one.left, one.in_force) for one in head.permits.view().standing}
    assert stood_again == {told: (False, True), untold: (False, True)}


def test_words_are_renewed_for_what_is_new_and_still_runs(three: Three) -> None:
    ministry, staff, _ = three
    older = staff.ask(staff.document(), until="2026-12-20").id
    said = permit_held.own(staff.ctx, older)
    staff.syncing.leave()
    assert not staff.world.store.mailbox.of(permit_held.OWN)
    enrol(staff, ministry)
    permit_held.keep_own(staff.ctx, older, said)  # as a device has it that left long ago
    staff.sync()
    staff.sync()
    short = staff.ask(staff.document(), until="2026-11-21").id
    longer = staff.ask(staff.document("別.docx", "別の案"), until="2026-12-20").id
    staff.sync()
    assert enrolment.state(staff.ctx).since > 0
    ministry.later(3)
    ministry.put(DEPUTY, role="staff responsible")
    deputy = ministry.device(DEPUTY)
    staff.sync()
    staff.sync()
    assert len(staff.world.records(ASKED)) == 4
    deputy.sync()
    rows = {one.id: one.reason for one in deputy.permits.view().to_decide}
    assert rows[longer] == REASON
    assert (rows.get(short, ""), rows.get(older, "")) == ("", "")
