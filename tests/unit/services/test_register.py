"""機密性3情報管理簿 (Art. 11-2): entries, numbered copies, who has what, 棚卸し."""

import csv
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from meti_desk.domain import events
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.policy import StoragePlace
from meti_desk.domain.register import IS_MISSING, IS_OVERDUE, NO_ACCESS, NOT_IN_PLACE
from meti_desk.server.registers import find
from meti_desk.services import register_lines, saying
from meti_desk.services.register_messages import (
    RegisterEnd,
    RegisterNote,
    RegisterRow,
    StockEntry,
)
from meti_desk.sync.register import (
    SAID,
    TAKEN_STOCK,
    RegisterPart,
    RegisterSaid,
    StockResult,
    StockTaken,
)
from tests.unit.services.unit_office import (
    CANARY,
    COLLEAGUE,
    DEPUTY,
    HEAD,
    OTHER_HEAD,
    STAFF,
    UNIT,
    Device,
    Ministry,
)

PARTNER = "tanaka@example.co.jp"


@pytest.fixture
def ministry(tmp_path: Path) -> Ministry:
    return Ministry(tmp_path)


@pytest.fixture
def head(ministry: Ministry) -> Device:
    return ministry.device(HEAD)


@pytest.fixture
def staff(ministry: Ministry, head: Device) -> Device:
    del head  # whose device is known before anything is said
    return ministry.device(STAFF)


def entries(device: Device, **more: object) -> tuple[RegisterRow, ...]:
    return device.register.view(**more).entries  # type: ignore[arg-type]


def only(rows: tuple[RegisterRow, ...]) -> RegisterRow:
    (row,) = rows
    return row


def identity(device: Device, path: Path) -> str:
    recent = device.world.store.documents.recent(50)
    return next(one.id for one in recent if one.path == str(path))


def copied(
    device: Device, path: Path, *holders: str, action: str = "copy", permit: str = ""
) -> None:
    """Record a copy as the act that makes it records it."""
    record = device.world.store.documents.get(identity(device, path))
    assert record is not None
    from meti_desk.services.facts import recorded

    label = recorded(device.ctx, record)
    body = events.handle_body(
        action=action, document=record.id, title=record.title, label=label, measures=(),  # type: ignore[arg-type]
        permit=events.PermitEntry(events.PERMIT_GRANTED, "", permit), recipients=holders,
    )  # fmt: skip
    device.ministry.later(minutes=1)
    device.world.store.ledger.append(events.HANDLE, body, device.ministry.clock.now())


def test_what_is_decided_as_c3_enters_and_gets_a_number(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    path = staff.document(c=3, audience=("審査委員",))
    staff.document("普通の.docx", c=2)
    before = only(entries(staff))
    assert before.provisional
    assert before.number.startswith("仮-")
    assert before.title == path.name
    staff.sync()
    mine = only(entries(staff))
    assert (mine.number, mine.provisional, mine.mine) == ("2026-0001", False, True)
    head.sync()
    view = head.register.view()
    assert (view.responsible, view.unit) == (True, UNIT)
    row = only(view.entries)
    assert (row.title, row.keeper, row.location) == (path.name, "山田太郎", str(path))
    assert (row.access, row.decided_by, row.number) == (("審査委員",), "山田太郎", "2026-0001")
    held = ministry.everything()
    for secret in (CANARY, str(path), "審査委員"):
        assert secret.encode() not in held
    assert mine.id.encode() in ministry.audit()


def test_what_was_entered_by_two_devices_offline_has_one_number_each(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    second = ministry.device(STAFF)
    staff.sync()
    one = staff.document(f"一{CANARY}.docx", c=3)
    two = second.document(f"二{CANARY}.docx", c=3)
    names = {only(entries(staff)).number, only(entries(second)).number}
    assert len(names) == 2
    copied(staff, one, permit="p1")
    copied(staff, one, permit="p2")
    copied(second, two, permit="p3")
    second.sync()
    staff.sync()
    head.sync()
    second.sync()
    for device in (head, staff, second):
        found = {row.title: row for row in entries(device)}
        assert found[two.name].number == "2026-0001"
        assert found[one.name].number == "2026-0002"
        assert [one.number for one in found[one.name].copies] == ["2026-0002-1", "2026-0002-2"]
        assert [one.permit for one in found[two.name].copies] == ["p3"]
        assert all(row.readable for row in found.values())


def test_two_devices_that_write_about_the_same_document_are_put_together(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    path = staff.document(c=3)
    staff.sync()
    second = ministry.device(STAFF)
    staff.sync()
    second.sync()
    number = only(entries(second)).number
    copied(staff, path, "一台目の相手", permit="p1")
    note = RegisterNote(
        entry=number, reason="紙に印刷した", new_copies=2, permit="p2", holders=("二台目の相手",)
    )
    second.register.note(note)
    assert all(one.provisional for one in only(entries(second)).copies)
    staff.sync()
    second.sync()
    staff.sync()
    head.sync()
    for device in (head, staff, second):
        row = only(entries(device))
        assert row.title == path.name
        assert [one.number for one in row.copies] == [f"{number}-{n}" for n in (1, 2, 3)]
        holders = [one.holder for one in row.copies]
        assert holders == ["一台目の相手", "二台目の相手", ""]
        assert not any(one.provisional for one in row.copies)


def test_the_same_document_of_two_people_has_one_number_and_two_entries(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    colleague = ministry.device(COLLEAGUE)
    path = staff.document(c=3)
    staff.sync()
    received = colleague.world.folder / path.name
    received.write_bytes(path.read_bytes())
    colleague.ctx.trust([staff.world.store.sealer.public_key()])
    document = identity(staff, path)
    record = staff.world.store.documents.get(document)
    assert record is not None
    colleague.world.store.documents.put(replace(record, path=str(received)))
    copied(colleague, received, permit="p9")
    colleague.sync()
    head.sync()
    rows = entries(head)
    assert {(row.number, row.keeper) for row in rows} == {
        ("2026-0001", "山田太郎"), ("2026-0001", "佐藤花子"),
    }  # fmt: skip
    with pytest.raises(InvalidInput, match=r"register\.several"):
        head.register.show("2026-0001")
    assert head.register.show(rows[0].id).id == rows[0].id
    assert only(entries(colleague)).history[0].how == "received"


def test_acts_make_copies_with_their_holders_and_the_approval(staff: Device, head: Device) -> None:
    path = staff.document(c=3)
    copied(staff, path, PARTNER, "b@example.co.jp", action="provide", permit="p-13")
    copied(staff, path, action="take-out", permit="p-77")
    staff.sync()
    head.sync()
    row = only(entries(head))
    assert [(one.number[-2:], one.how, one.holder, one.permit) for one in row.copies] == [
        ("-1", "provide", PARTNER, "p-13"),
        ("-2", "provide", "b@example.co.jp", "p-13"),
        ("-3", "take-out", "山田太郎", "p-77"),
    ]


def test_what_comes_back_and_what_is_destroyed_is_recorded(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    path = staff.document(c=3)
    copied(staff, path, PARTNER, action="provide", permit="p1")
    copied(staff, path, permit="p2")
    staff.sync()
    row = only(entries(staff))
    first, second = row.copies
    staff.register.note(
        RegisterNote(entry=row.number, copy=first.number, due="2026-12-01", reason="契約のとおり")
    )
    assert only(entries(staff)).copies[0].due == "2026-12-01"
    ministry.later(days=30)
    assert only(entries(staff)).copies[0].state == "overdue"
    assert IS_OVERDUE in only(entries(staff)).flags
    staff.register.give_back(RegisterEnd(entry=row.id, copy="1", reason="返却を確かめた"))
    staff.register.dispose(RegisterEnd(entry=row.id, copy=second.id, how="細断", reason="不要"))
    with pytest.raises(RuleViolation, match=r"register\.ended"):
        staff.register.give_back(RegisterEnd(entry=row.id, copy="1", reason="もう一度"))
    staff.sync()
    head.sync()
    row = only(entries(head))
    assert [(one.state, one.ended_how) for one in row.copies] == [
        ("returned", ""), ("disposed", "細断"),
    ]  # fmt: skip
    assert IS_OVERDUE not in row.flags
    staff.register.dispose(RegisterEnd(entry=row.number, how="消去", reason="保存期間の満了"))
    staff.sync()
    head.sync()
    assert not entries(head)
    ended = only(entries(head, ended=True))
    assert (ended.state, ended.ended_how) == ("disposed", "消去")
    assert [one.what for one in ended.history][-1] == "disposed"


def test_what_is_decided_lower_leaves_and_comes_back(staff: Device, head: Device) -> None:
    path = staff.document(c=3)
    staff.sync()
    staff.decide(path, c=2)
    staff.sync()
    head.sync()
    assert not entries(head)
    assert only(entries(head, ended=True)).state == "lowered"
    staff.decide(path, c=3)
    staff.sync()
    head.sync()
    row = only(entries(head))
    assert (row.state, row.number) == ("held", "2026-0001")


def test_place_and_access_are_flagged_until_they_are_said(staff: Device, head: Device) -> None:
    place = StoragePlace(unit=UNIT, name="第一金庫")
    folder = StoragePlace(unit=UNIT, name="秘密文書", folder=str(staff.world.folder))
    staff.world.rules(c3_places=(place,))
    path = staff.document(c=3)
    row = only(entries(staff))
    assert set(row.flags) == {NOT_IN_PLACE, NO_ACCESS}
    staff.register.note(
        RegisterNote(entry=row.id, location="第一金庫", designated="第一金庫", reason="移した")
    )
    staff.sync()
    head.sync()
    row = only(entries(head))
    head.register.note(
        RegisterNote(entry=row.number, access=("政策課", "審査委員"), reason="範囲を定める")
    )
    head.sync()
    staff.sync()
    for device in (head, staff):
        shown = only(entries(device))
        assert shown.access == ("政策課", "審査委員")
        assert (shown.location, shown.designated, shown.flags) == ("第一金庫", "第一金庫", ())
        noted = shown.history[-1]
        assert (noted.what, noted.by, noted.reason) == ("noted", "鈴木課長", "範囲を定める")
    staff.world.rules(c3_places=(folder,))
    again = staff.document("二.docx", c=3)
    assert staff.register.show(identity(staff, again)).designated == "秘密文書"
    assert path.exists()


def test_taking_stock_marks_what_is_missing(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    for number in range(3):
        staff.document(f"{CANARY}{number}.docx", c=3)
    staff.sync()
    head.sync()
    numbers = [row.number for row in entries(head)]
    outcome = head.register.stocktake(
        (
            StockEntry(entry=numbers[0], result="present"),
            StockEntry(entry=numbers[1], result="missing", note=f"{CANARY}が見当たらない"),
            StockEntry(entry=numbers[2], result="elsewhere", note="第二会議室"),
        )
    )
    assert outcome.recorded == 3
    assert [row.number for row in outcome.missing] == [numbers[1]]
    head.sync()
    staff.sync()
    rows = {row.number: row for row in entries(head)}
    assert [rows[one].stock for one in numbers] == ["present", "missing", "elsewhere"]
    assert IS_MISSING in rows[numbers[1]].flags
    assert rows[numbers[2]].stock_note == "第二会議室"
    assert rows[numbers[0]].stock_by == "鈴木課長"
    assert IS_MISSING in {row.number: row for row in entries(staff)}[numbers[1]].flags
    assert CANARY.encode() not in ministry.everything()
    assert b"register-missing" in ministry.audit()
    (record,) = head.world.records(TAKEN_STOCK)
    assert record["count"] == 3
    head.register.stocktake((StockEntry(entry=numbers[1], result="present"),))
    head.sync()
    assert IS_MISSING not in {row.number: row for row in entries(head)}[numbers[1]].flags


def test_another_unit_sees_nothing_and_staff_take_no_stock(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    stranger, colleague = ministry.device(OTHER_HEAD), ministry.device(COLLEAGUE)
    staff.document(c=3)
    staff.sync()
    head.sync()
    row = only(entries(head))
    for device in (stranger, colleague):
        device.sync()
        assert not entries(device)
        taken = StockTaken(id="s1", results=(StockResult(entry=row.id, result="missing"),))
        raw = msgspec.msgpack.encode(taken)
        saying.say(device.ctx, TAKEN_STOCK, {}, raw)
        part = RegisterPart(document=row.document, owner=STAFF, words=b"x")
        saying.say(device.ctx, SAID, {}, msgspec.msgpack.encode(RegisterSaid(parts=(part,))))
        device.sync()
        assert device.outcomes() == ["register.not-responsible"] * 2
    with pytest.raises(RuleViolation, match=r"register\.not-responsible"):
        colleague.register.stocktake((StockEntry(entry=row.id, result="present"),))
    told = find(ministry.server.database, row.id)
    assert told is not None
    assert [line.what for line in told.lines] == ["entered"]


def test_who_becomes_responsible_reads_the_register(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    del head
    path = staff.document(c=3)
    staff.sync()
    ministry.put(DEPUTY, role="responsible")
    deputy = ministry.device(DEPUTY)
    staff.sync()
    deputy.sync()
    row = only(entries(deputy))
    assert row.readable
    assert row.title == path.name


def test_what_makes_no_sense_is_refused(staff: Device, head: Device) -> None:
    staff.document(c=3)
    row = only(entries(staff))
    note, end = staff.register.note, staff.register.dispose
    for request, code in (
        (RegisterNote(entry="2026-9999", reason="x", location="y"), "register.unknown"),
        (RegisterNote(entry=row.id, reason="x"), "register.nothing"),
        (RegisterNote(entry=row.id, reason=" ", location="y"), "register.reason-missing"),
        (RegisterNote(entry=row.id, reason="x", due="明日"), "register.day"),
        (RegisterNote(entry=row.id, reason="x", copy="7", holder="y"), "register.no-copy"),
        (RegisterNote(entry=row.id, reason="x", new_copies=1), "register.not-approved"),
        (RegisterNote(entry=row.id, reason="x", new_copies=999, permit="p"), "register.count"),
    ):
        with pytest.raises((InvalidInput, RuleViolation), match=code.replace(".", r"\.")):
            note(request)
    with pytest.raises(InvalidInput, match=r"register\.how-missing"):
        end(RegisterEnd(entry=row.id))
    with pytest.raises(InvalidInput, match=r"register\.no-copy"):
        staff.register.give_back(RegisterEnd(entry=row.id, reason="x"))
    head.sync()
    stock = head.register.stocktake
    with pytest.raises(InvalidInput, match=r"register\.nothing"):
        stock(())
    head.document("自分の.docx", c=3)
    mine = only(entries(head))
    with pytest.raises(InvalidInput, match=r"register\.unnumbered"):
        stock((StockEntry(entry=mine.id, result="present"),))
    with pytest.raises(InvalidInput, match=r"register\.note-missing"):
        stock((StockEntry(entry=mine.id, result="elsewhere"),))
    with pytest.raises(InvalidInput, match=r"register\.result"):
        stock((StockEntry(entry=mine.id, result="somewhere"),))


def test_a_refusal_for_lack_of_time_is_said_again(
    ministry: Ministry, staff: Device, head: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    from meti_desk.server import registers
    from meti_desk.server.refusal import RefusalError

    def busy(_told: object, _part: object) -> None:
        raise RefusalError("sync.busy")

    with monkeypatch.context() as patch:
        patch.setattr(registers, "_tried", busy)
        staff.document(c=3)
        staff.syncing.sync()
    head.sync()
    assert not entries(head)
    staff.sync()
    head.sync()
    assert len(entries(head)) == 1


def test_a_device_without_a_server_has_its_own_register(staff: Device) -> None:
    staff.syncing.leave()
    staff.document(c=3)
    view = staff.register.view()
    assert not view.enrolled
    assert only(view.entries).provisional


def test_an_id_that_is_none_of_ours_is_named_by_its_hash() -> None:
    assert register_lines.named("019a-ff:1") == "019a-ff:1"
    strange = register_lines.named("他省の文書 1/2")
    assert strange.startswith("x-")
    assert strange == register_lines.named("他省の文書 1/2")


def test_the_list_is_a_table_with_boxes(staff: Device, tmp_path: Path) -> None:
    path = staff.document("=危険.docx", c=3)
    copied(staff, path, PARTNER, action="provide", permit="p1")
    staff.sync()
    made = staff.register.export(tmp_path / "管理簿.csv")
    raw = made.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert rows[0][0] == "register.column.number"
    assert [row[0] for row in rows[1:]] == ["2026-0001", "2026-0001-1"]
    assert rows[1][1].startswith("'=")
    assert rows[2].count("☐") == 3
    with pytest.raises(InvalidInput, match=r"export\.format"):
        staff.register.export(tmp_path / "管理簿.pdf")
