"""確認 (Art. 4-2): offered, judged, corrected, answered - between real people and a real server."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.events_register import DISPOSE, end_body
from meti_desk.domain.policy import ReviewPolicy
from meti_desk.server.reviews import find
from meti_desk.services import public, saying
from meti_desk.services.review_messages import JudgeRequest, ReviewRow
from meti_desk.services.reviewing import FROM, SEEN
from meti_desk.sync.reviews import JUDGED, ReviewJudged
from tests.unit.services.unit_office import (
    CANARY,
    COLLEAGUE,
    DEPUTY,
    DIRECTOR,
    HEAD,
    OTHER_HEAD,
    STAFF,
    Device,
    Ministry,
)


@pytest.fixture
def ministry(tmp_path: Path) -> Ministry:
    return Ministry(tmp_path)


@pytest.fixture
def head(ministry: Ministry) -> Device:
    return ministry.device(HEAD)


@pytest.fixture
def staff(ministry: Ministry, head: Device) -> Device:
    del head  # whose device is known before anything is offered
    return ministry.device(STAFF)


def waiting(device: Device) -> tuple[ReviewRow, ...]:
    device.sync()
    return device.reviews.view().to_judge


def only(rows: tuple[ReviewRow, ...]) -> ReviewRow:
    (row,) = rows
    return row


def judge(device: Device, *rows: ReviewRow, **more: object) -> None:
    request = {"ids": [one.id for one in rows], **more}
    device.reviews.judge(msgspec.convert(request, JudgeRequest))
    device.sync()


def test_a_decision_reaches_who_judges_and_the_server_cannot_read_it(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    path = staff.document(restrictions=("複製禁止",))
    staff.sync()
    row = only(waiting(head))
    (document,) = row.documents
    assert (row.owner, row.label.c, row.label.i, row.label.restrictions) == (
        "山田太郎", 2, 2, ("複製禁止",),
    )  # fmt: skip
    assert (document.title, document.place) == (path.name, str(path))
    assert row.reason == f"{CANARY}のため"
    assert row.judgeable
    assert row.state == "waiting"
    assert document.digest
    held = ministry.everything()
    for secret in (CANARY, str(path), "複製禁止のため"):
        assert secret.encode() not in held
    assert row.id.encode() in held


def test_valid_is_recorded_with_both_and_in_the_audit_chain(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    staff.document()
    staff.sync()
    row = only(waiting(head))
    judge(head, row)
    assert not head.reviews.view().to_judge
    assert only(head.reviews.view().judged).state == "valid"
    staff.sync()
    mine = only(staff.reviews.view().mine)
    assert mine.state == "valid"
    (step,) = mine.steps
    assert (step.what, step.by, step.post) == ("valid", "鈴木課長", "課室情報セキュリティ責任者")
    (record,) = head.world.records(JUDGED)
    assert (record["review"], record["what"]) == (row.id, "valid")
    audit = ministry.audit()
    assert b"review-valid" in audit
    assert row.id.encode() in audit


def test_files_of_one_decision_are_one_review(staff: Device, head: Device) -> None:
    paths = [staff.world.word(f"資料{n}.docx", f"本文{n}") for n in range(12)]
    staff.decide(*paths, c=2)
    staff.document("別の理由.docx", reason="別の理由")
    staff.sync()
    rows = waiting(head)
    assert sorted(len(row.documents) for row in rows) == [1, 12]


def test_a_large_decision_is_offered_in_pieces_that_have_room(
    staff: Device, head: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meti_desk.services.reviewing.MOST_MEMBERS", 5)
    paths = [staff.world.text(f"メモ{n}.txt", f"本文{n}") for n in range(12)]
    staff.decide(*paths, c=3)
    staff.sync()
    assert sorted(len(row.documents) for row in waiting(head)) == [2, 5, 5]
    monkeypatch.setattr("meti_desk.services.reviewing._ROOM", 2_000)
    more = [staff.world.text(f"長い{n}.txt", f"長い本文{n}") for n in range(5)]
    staff.decide(*more, c=3, reason="長い")
    staff.sync()
    assert sum(len(row.documents) for row in waiting(head)) == 17


@pytest.mark.parametrize(("c", "offered"), [(1, 0), (2, 1), (3, 1)])
def test_what_is_offered_is_ruled_by_level(
    staff: Device, head: Device, c: int, offered: int
) -> None:
    staff.document(c=c)
    staff.sync()
    assert len(waiting(head)) == offered


def test_a_lowered_label_is_offered_whatever_its_level(staff: Device, head: Device) -> None:
    path = staff.document(c=2)
    staff.sync()
    staff.decide(path, c=1, reason="公開済みと同じ内容")
    staff.sync()
    row = only(waiting(head))
    assert row.label.c == 1
    assert ("lowered", "機密性2") in row.evidence
    judge(head, row)
    staff.world.rules(review=ReviewPolicy(levels=(3,), lowered=False))
    staff.decide(path, c=2)
    staff.decide(path, c=1)
    staff.sync()
    assert not waiting(head)


def test_what_was_lowered_before_the_first_sync_is_offered_too(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    fresh = ministry.device(COLLEAGUE)
    fresh.syncing.leave()
    fresh.world.store.settings.put("review.seen", "0")
    path = fresh.document(c=3)
    fresh.decide(path, c=1, reason="下げる")
    staff.decide(staff.document(c=3), c=1, reason="下げる")
    for device in (fresh, staff):
        if device is fresh:
            device.enrol()
        device.sync()
    assert sorted((row.owner, row.label.c) for row in waiting(head)) == [
        ("佐藤花子", 1), ("山田太郎", 1),
    ]  # fmt: skip


@pytest.fixture
def fresh(ministry: Ministry, head: Device) -> Device:
    """Give a device that worked for months before it first tells what it decided."""
    del head
    made = ministry.device(COLLEAGUE)
    made.syncing.leave()
    for name, value in ((SEEN, "0"), (FROM, "")):
        made.world.store.settings.put(name, value)
    made.document("旧.docx")
    made.document("高.docx", c=3)
    ministry.later(days=40)
    made.document("近.docx")
    ministry.later(days=20)
    return made


def offered(device: Device, head: Device) -> list[str]:
    device.sync()
    return sorted(title for row in waiting(head) for title in (one.title for one in row.documents))


def test_old_decisions_come_when_they_are_decided_anew(fresh: Device, head: Device) -> None:
    fresh.enrol()
    assert offered(fresh, head) == ["近.docx"]
    fresh.decide(fresh.world.folder / "旧.docx", reason="使うので、改めて")
    # What was 機密性3 when nobody looked, and is lowered now, is a lowered label all the same.
    fresh.decide(fresh.world.folder / "高.docx", c=1, reason="公開された")
    assert offered(fresh, head) == ["旧.docx", "近.docx", "高.docx"]
    (row,) = [one for one in waiting(head) if one.label.c == 1]
    assert ("lowered", "機密性3") in row.evidence


def test_what_was_lowered_lately_is_offered_though_it_was_decided_long_ago(
    fresh: Device, head: Device
) -> None:
    fresh.decide(fresh.world.folder / "高.docx", c=1, reason="公開された")
    fresh.enrol()
    assert offered(fresh, head) == ["近.docx", "高.docx"]


@pytest.mark.parametrize(
    ("policy", "titles"),
    [
        (ReviewPolicy(since=date(2020, 1, 1)), ["旧.docx", "近.docx", "高.docx"]),
        (ReviewPolicy(days=365), ["旧.docx", "近.docx", "高.docx"]),
        (ReviewPolicy(days=0), []),
        (ReviewPolicy(days=10**12), ["旧.docx", "近.docx", "高.docx"]),
    ],
)
def test_how_far_back_is_the_policys_choice(
    fresh: Device, head: Device, policy: ReviewPolicy, titles: list[str]
) -> None:
    fresh.world.rules(review=policy)
    fresh.enrol()
    assert offered(fresh, head) == titles


def test_what_is_published_already_waits_for_nobody(staff: Device, head: Device) -> None:
    path = staff.document()
    public.mark_published(staff.ctx, [str(path)])
    staff.sync()
    assert not waiting(head)


def test_the_same_label_is_not_offered_twice(staff: Device, head: Device) -> None:
    path = staff.document()
    staff.sync()
    judge(head, only(waiting(head)))
    staff.decide(path, c=2)
    staff.sync()
    assert not waiting(head)


def test_a_correction_goes_round(ministry: Ministry, staff: Device, head: Device) -> None:
    path = staff.document(c=2)
    staff.sync()
    note = f"{CANARY}は機密性3です"
    judge(head, only(waiting(head)), c=3, restrictions=("複製禁止",), note=note)
    staff.sync()
    (task,) = staff.reviews.tasks()
    assert (task.decided.c, task.ordered.c, task.ordered.i) == (2, 3, 2)
    assert task.ordered.restrictions == ("複製禁止",)
    assert (task.note, task.by, task.path) == (note, "鈴木課長", str(path))
    assert not task.said
    assert note.encode() not in ministry.everything()
    staff.decide(path, c=3)  # not as ordered: the restriction is missing
    staff.sync()
    assert len(staff.reviews.tasks()) == 1
    staff.decide(path, c=3, restrictions=("複製禁止",))
    assert staff.reviews.tasks()[0].said
    staff.sync()
    assert not staff.reviews.tasks()
    row = only(waiting(head))
    assert row.follows
    done = [one for one in head.reviews.view().judged if one.id in row.follows]
    assert [one.state for one in done] == ["done"]


def test_an_order_can_be_answered_and_is_judged_again(staff: Device, head: Device) -> None:
    staff.document(c=2)
    staff.sync()
    judge(head, only(waiting(head)), c=3, note="3では")
    staff.sync()
    (task,) = staff.reviews.tasks()
    with pytest.raises(RuleViolation, match=r"review\.note-missing"):
        staff.reviews.answer(task.review, " ")
    row = staff.reviews.answer(task.review, "公表資料と同じ内容です")
    assert row.said
    staff.sync()
    assert not staff.reviews.tasks()
    again = only(waiting(head))
    assert again.state == "objected"
    assert again.steps[-1].note == "公表資料と同じ内容です"
    judge(head, again, note="了解しました")
    staff.sync()
    mine = only(staff.reviews.view().mine)
    assert (mine.state, mine.steps[-1].note) == ("valid", "了解しました")
    with pytest.raises(RuleViolation, match=r"review\.not-ordered"):
        staff.reviews.answer(task.review, "もう一度")


def test_some_documents_of_a_review_can_be_corrected(staff: Device, head: Device) -> None:
    paths = [staff.world.word(f"資料{n}.docx", f"本文{n}") for n in range(3)]
    staff.decide(*paths)
    staff.sync()
    row = only(waiting(head))
    judge(head, row, c=1, note="公開資料", documents=[row.documents[0].id])
    left = only(waiting(head))
    judge(head, left)
    staff.sync()
    mine = only(staff.reviews.view().mine)
    assert sorted(one.state for one in mine.documents) == ["correct", "valid", "valid"]
    assert mine.state == "correct"
    assert len(staff.reviews.tasks()) == 1


def test_nobody_judges_their_own(ministry: Ministry, head: Device) -> None:
    head.document()
    head.sync()
    mine = only(head.reviews.view().mine)
    assert mine.state == "nobody"
    assert not head.reviews.view().to_judge
    with pytest.raises(RuleViolation, match=r"review\.own"):
        head.reviews.judge(JudgeRequest(ids=(mine.id,)))
    forged = ReviewJudged(id=mine.id, revision=mine.revision)
    saying.say(head.ctx, JUDGED, {}, msgspec.msgpack.encode(forged))
    head.sync()
    assert head.outcomes() == ["review.own"]
    ministry.put(DIRECTOR, role="head", unit="")
    director = ministry.device(DIRECTOR)
    head.sync()
    row = only(waiting(director))
    assert row.readable
    judge(director, row)
    head.sync()
    (step,) = only(head.reviews.view().mine).steps
    assert step.post == "情報セキュリティ責任者"


def test_another_holder_judges_what_the_responsible_person_decided(
    ministry: Ministry, head: Device
) -> None:
    ministry.put(DEPUTY, role="responsible")
    deputy = ministry.device(DEPUTY)
    head.sync()
    head.document()
    head.sync()
    judge(deputy, only(waiting(deputy)))
    head.sync()
    assert only(head.reviews.view().mine).state == "valid"


def test_another_unit_gets_nothing_and_is_refused(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    del head
    stranger = ministry.device(OTHER_HEAD)
    staff.document()
    staff.sync()
    assert not waiting(stranger)
    mine = only(staff.reviews.view().mine)
    with pytest.raises(RuleViolation, match=r"review\.unknown"):
        stranger.reviews.judge(JudgeRequest(ids=(mine.id,)))
    colleague = ministry.device(COLLEAGUE)
    for device in (stranger, colleague):
        forged = ReviewJudged(id=mine.id, revision=mine.revision)
        saying.say(device.ctx, JUDGED, {}, msgspec.msgpack.encode(forged))
        device.sync()
        assert device.outcomes() == ["review.unknown"]
    told = find(ministry.server.database, mine.id)
    assert told is not None
    assert told.state == "waiting"


def test_two_who_judge_at_once_do_not_overwrite_each_other(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    ministry.put(DEPUTY, role="responsible")
    deputy = ministry.device(DEPUTY)
    staff.sync()
    staff.document()
    staff.sync()
    first, second = only(waiting(head)), only(waiting(deputy))
    head.reviews.judge(JudgeRequest(ids=(first.id,)))
    deputy.reviews.judge(JudgeRequest(ids=(second.id,), c=3, note="3"))
    head.sync()
    deputy.sync()
    assert deputy.outcomes() == ["review.changed"]
    row = only(deputy.reviews.view().judged)
    assert (row.state, row.refusal) == ("valid", "review.changed")
    with pytest.raises(RuleViolation, match=r"review\.judged"):
        head.reviews.judge(JudgeRequest(ids=(first.id,)))


def test_who_becomes_responsible_later_can_read_what_waits(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    del head
    staff.document()
    staff.sync()
    ministry.put(DEPUTY, role="responsible")
    deputy = ministry.device(DEPUTY)
    for row in waiting(deputy):
        assert not row.readable
        assert not row.judgeable
        with pytest.raises(RuleViolation, match=r"review\.unreadable"):
            deputy.reviews.judge(JudgeRequest(ids=(row.id,)))
    staff.sync()
    row = only(waiting(deputy))
    assert row.readable
    assert row.judgeable
    assert row.documents[0].title == f"{CANARY}.docx"


def test_weeks_offline_only_the_last_decision_is_offered(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    path = staff.document(c=2)
    for c in (3, 2, 3):
        ministry.later(days=9)
        staff.decide(path, c=c)
    gone = staff.document("消去した.docx", reason="別")
    found = staff.world.store.documents.recent(5)
    document = next(one.id for one in found if one.path == str(gone))
    body = end_body(document=document, title="", copy="", how="消去", reason="", when="2026-12-01")
    staff.world.store.ledger.append(DISPOSE, body, ministry.clock.now())
    staff.sync()
    row = only(waiting(head))
    assert [row.label.c, len(row.documents)] == [3, 1]


def test_what_is_decided_anew_or_destroyed_is_withdrawn(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    paths = [staff.world.word(f"資料{n}.docx", f"本文{n}") for n in range(3)]
    staff.decide(*paths)
    staff.sync()
    assert len(only(waiting(head)).documents) == 3
    staff.decide(paths[0], c=3, reason="見直し")
    document = staff.world.store.documents.recent(9)
    gone = next(one.id for one in document if one.path == str(paths[1]))
    body = end_body(document=gone, title="", copy="", how="消去", reason="", when="2026-12-01")
    staff.world.store.ledger.append(DISPOSE, body, ministry.clock.now())
    staff.sync()
    rows = {len(row.documents): row for row in waiting(head)}
    states = {one.title: one.state for one in rows[3].documents}
    assert states == {"資料0.docx": "gone", "資料1.docx": "gone", "資料2.docx": "waiting"}
    assert rows[1].label.c == 3
    staff.decide(paths[2], c=1, reason="公開")
    staff.sync()
    head.sync()
    ended = {row.id: row.state for row in head.reviews.view().judged}
    assert ended[rows[3].id] == "gone"


def test_two_devices_of_a_person_show_the_same_and_both_can_answer(
    ministry: Ministry, staff: Device, head: Device
) -> None:
    second = ministry.device(STAFF)
    staff.sync()
    staff.document(c=2)
    staff.sync()
    second.sync()
    assert only(second.reviews.view().mine).documents[0].title == f"{CANARY}.docx"
    judge(head, only(waiting(head)), c=3, note="訂正してください")
    second.sync()
    (task,) = second.reviews.tasks()
    assert (task.note, task.title) == ("訂正してください", f"{CANARY}.docx")
    second.reviews.answer(task.review, "二台目から")
    second.sync()
    staff.sync()
    assert not staff.reviews.tasks()


def test_what_was_offered_survives_leaving_and_a_new_enrolment(staff: Device, head: Device) -> None:
    staff.document()
    staff.sync()
    judge(head, only(waiting(head)))
    staff.syncing.leave()
    assert [one.state for one in staff.reviews.view().mine] in ([], ["unsent"])
    staff.enrol()
    staff.sync()
    assert only(staff.reviews.view().mine).state == "valid"
    assert not waiting(head)


def test_what_makes_no_sense_is_refused_before_it_is_said(staff: Device, head: Device) -> None:
    staff.document()
    staff.sync()
    row = only(waiting(head))
    ask = head.reviews.judge
    with pytest.raises(InvalidInput, match=r"review\.nothing"):
        ask(JudgeRequest(ids=()))
    with pytest.raises(RuleViolation, match=r"review\.note-missing"):
        ask(JudgeRequest(ids=(row.id,), c=3))
    with pytest.raises(InvalidInput, match=r"review\.label"):
        ask(JudgeRequest(ids=(row.id,), c=7, note="?"))
    with pytest.raises(InvalidInput, match=r"label\.unknown-restriction"):
        ask(JudgeRequest(ids=(row.id,), c=3, note="?", restrictions=("知らない制限",)))
    with pytest.raises(RuleViolation, match=r"review\.unknown"):
        ask(JudgeRequest(ids=("00" * 16,)))
    assert not head.world.records(JUDGED)
    assert head.reviews.view().to_judge[0].id == row.id


def test_a_restored_server_gets_everything_again_in_any_order(
    ministry: Ministry, staff: Device, head: Device, tmp_path: Path
) -> None:
    ministry.backup(tmp_path / "backup")
    for device in (staff, head):
        device.connect()
    path = staff.document(c=3)
    staff.sync()
    judge(head, only(waiting(head)), c=2, note="2です")
    staff.sync()
    staff.decide(path, c=2)
    staff.sync()
    judge(head, only(waiting(head)))
    before = {row.id: row.state for row in head.reviews.view().judged}
    assert sorted(before.values()) == ["done", "valid"]
    ministry.restore(tmp_path / "backup", staff, head)
    for device in (head, staff, head, staff, head):
        device.sync()
    held = [find(ministry.server.database, identity) for identity in before]
    assert {one.id: one.state for one in held if one is not None} == before
    assert {row.id: row.state for row in head.reviews.view().judged} == before
    assert not waiting(head)
    assert not staff.reviews.tasks()
    (entry,) = head.register.view(ended=True).entries
    assert (entry.state, entry.number, entry.title) == ("lowered", "2026-0001", path.name)
