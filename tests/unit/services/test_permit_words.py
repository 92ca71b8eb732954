"""The words of a request are those that the decider read: nobody exchanges them behind their back.

Who asked may run a program of their own: what the server cannot see, every reader finds out.
"""

import dataclasses
from typing import Any

import msgspec
import pytest

from meti_desk.domain import events_permit
from meti_desk.domain.errors import RuleViolation
from meti_desk.services import enrolment, permit_held, permit_noted
from meti_desk.services.home import home
from meti_desk.services.permit_words import NOTED, digest_of, sealed
from meti_desk.services.saying import say
from meti_desk.sync.permits import NotedTold, PermitAsked
from tests.unit.services.permit_office import DEPUTY, REASON, Device, Three


def asked_of(device: Device, permit: str) -> PermitAsked:
    asked = permit_held.own(device.ctx, permit).asked
    assert asked is not None
    return asked


def exchange(device: Device, permit: str, **more: Any) -> None:
    """Say a request again with another reason, as a changed program might."""
    words = permit_held.own(device.ctx, permit).words
    assert words is not None
    plain = msgspec.msgpack.encode(msgspec.structs.replace(words, reason="別の理由"))
    closed = sealed(device.ctx, enrolment.unit(device.ctx), permit, plain, ("13",))
    again = msgspec.structs.replace(asked_of(device, permit), words=closed, **more)
    body = events_permit.named_body(permit)
    say(device.ctx, events_permit.PERMIT_ASKED, body, msgspec.msgpack.encode(again))


def without_digest(device: Device, kind: str, wanted: type) -> None:
    """Make of what was said last what an earlier version said."""
    spoken = device.world.store.mailbox.spoken
    event = [one for one in device.world.store.ledger.held if one.kind == kind][-1]
    told: Any = msgspec.msgpack.decode(spoken[event.seq], type=wanted)
    spoken[event.seq] = msgspec.msgpack.encode(msgspec.structs.replace(told, digest=b""))


def test_words_that_do_not_fit_are_shown_as_such_and_not_decided(three: Three) -> None:
    _, staff, head = three
    permit = staff.ask(staff.document()).id
    staff.sync()
    head.sync()
    assert (head.row(permit).words_sound, head.row(permit).reason) == (True, REASON)
    exchange(staff, permit)
    staff.sync()
    head.sync()
    row = head.row(permit)
    assert (row.reason, row.words_sound, row.verified, row.decidable) == (
        "別の理由", False, True, False,
    )  # fmt: skip
    assert [one.id for one in head.permits.view().to_decide] == [permit]
    assert home(head.ctx).permits.to_decide == ()
    for given in (True, False):
        with pytest.raises(RuleViolation, match=r"permit\.words-unverified"):
            head.decide(permit, granted=given, note="x")
    assert staff.row(permit).words_sound  # its own words
    record = head.permits.record(head.world.folder / "記録.csv").read_text(encoding="utf-8-sig")
    assert "permit.record.words-unverified" in record


def test_other_words_with_their_own_digest_never_arrive(three: Three) -> None:
    _, staff, head = three
    permit = staff.ask(staff.document()).id
    staff.sync()
    exchange(staff, permit, digest=bytes(32))
    staff.sync()
    head.sync()
    assert (head.row(permit).reason, head.row(permit).decidable) == (REASON, True)
    head.decide(permit)
    head.sync()
    staff.sync()
    assert staff.row(permit).state == "granted"
    assert (head.row(permit).reason, head.row(permit).words_sound) == (REASON, True)


def test_a_request_of_an_earlier_version_is_decided_once_its_words_are_bound(three: Three) -> None:
    _, staff, head = three
    permit = staff.ask(staff.document()).id
    without_digest(staff, events_permit.PERMIT_ASKED, PermitAsked)
    own = permit_held.own(staff.ctx, permit)
    assert own.words is not None
    old = msgspec.structs.replace(
        own, plain=b"", words=msgspec.structs.replace(own.words, salt=b""),
        asked=msgspec.structs.replace(asked_of(staff, permit), digest=b""),
    )  # fmt: skip
    permit_held.keep_own(staff.ctx, permit, msgspec.structs.replace(old, asked=None))
    staff.sync()
    head.sync()
    row = head.row(permit)
    assert (row.revision, row.reason, row.words_sound, row.decidable) == (1, REASON, False, False)
    permit_held.keep_own(staff.ctx, permit, old)  # the program is brought up to date
    staff.sync()
    staff.sync()
    assert len(staff.world.records(events_permit.PERMIT_ASKED)) == 2
    head.sync()
    row = head.row(permit)
    assert (row.revision, row.reason, row.words_sound, row.decidable) == (2, REASON, True, True)
    head.decide(permit)
    head.sync()
    staff.sync()
    assert (staff.row(permit).state, staff.row(permit).revision) == ("granted", 3)


def test_what_an_earlier_version_decided_is_shown_as_it_came(three: Three) -> None:
    ministry, staff, head = three
    permit = staff.ask(staff.document()).id
    without_digest(staff, events_permit.PERMIT_ASKED, PermitAsked)
    staff.sync()
    permit_held.keep_own(staff.ctx, permit, permit_held.Own())
    body = events_permit.named_body(permit)
    from meti_desk.sync.permits import DECIDED, PermitDecided

    head.sync()
    decided = PermitDecided(id=permit, revision=1, granted=True)
    say(head.ctx, DECIDED, body, msgspec.msgpack.encode(decided))
    head.sync()
    row = head.row(permit)
    assert (row.state, row.reason, row.words_sound) == ("granted", REASON, True)
    del ministry


def test_words_sealed_anew_for_others_are_the_same_words(three: Three) -> None:
    ministry, staff, _ = three
    permit = staff.ask(staff.document()).id
    staff.sync()
    before = asked_of(staff, permit)
    ministry.put(DEPUTY, role="staff responsible")
    deputy = ministry.device(DEPUTY)
    staff.sync()
    staff.sync()
    after = asked_of(staff, permit)
    assert (after.digest, after.words != before.words) == (before.digest, True)
    deputy.sync()
    assert (deputy.row(permit).words_sound, deputy.row(permit).decidable) == (True, True)


def noted(staff: Device, head: Device) -> str:
    permits = dataclasses.replace(staff.world.policy.permits, noted_allowed=True)
    staff.world.rules(permits=permits)
    assert staff.refused(staff.document(), permit_noted="鈴木課長, 2026年11月20日, 口頭") == ""
    permit_noted.tell(staff.ctx)
    (row,) = staff.permits.view().noted
    del head
    return row.id


def test_another_note_is_not_confirmed_in_the_place_of_the_first(three: Three) -> None:
    _, staff, head = three
    name = noted(staff, head)
    staff.sync()
    held = staff.world.store.mailbox.get(permit_noted.OWN, name)
    assert held is not None
    own = msgspec.msgpack.decode(held.body, type=permit_noted.OwnNoted)
    assert own.words is not None
    other = msgspec.msgpack.encode(msgspec.structs.replace(own.words, title="別の案.docx"))
    told = NotedTold(
        id=name, event=own.event, digest=digest_of(name, own.plain, NOTED),
        words=sealed(staff.ctx, enrolment.unit(staff.ctx), name, other, ("13",), NOTED),
    )  # fmt: skip
    body = events_permit.named_body(name)
    say(staff.ctx, events_permit.PERMIT_NOTED_TOLD, body, msgspec.msgpack.encode(told))
    staff.sync()
    head.sync()
    (row,) = head.permits.view().noted
    assert (row.title, row.words_sound, row.state) == ("別の案.docx", False, "waiting")
    with pytest.raises(RuleViolation, match=r"permit\.words-unverified"):
        head.permits.judge_noted(name, right=True, note="")
    head.permits.judge_noted(name, right=False, note="許可したものではありません")
    head.sync()
    staff.sync()
    assert staff.permits.view().noted[0].state == "denied"


def test_a_note_of_an_earlier_version_is_confirmed_once_it_is_bound(three: Three) -> None:
    _, staff, head = three
    name = noted(staff, head)
    without_digest(staff, events_permit.PERMIT_NOTED_TOLD, NotedTold)
    held = staff.world.store.mailbox.get(permit_noted.OWN, name)
    assert held is not None
    own = msgspec.msgpack.decode(held.body, type=permit_noted.OwnNoted)
    old = msgspec.msgpack.encode(msgspec.structs.replace(own, plain=b""))
    none = msgspec.msgpack.encode(permit_noted.OwnNoted())
    staff.world.store.mailbox.put(held._replace(body=none))
    staff.sync()
    head.sync()
    (row,) = head.permits.view().noted
    assert (row.title, row.words_sound) == ("案.docx", False)
    staff.world.store.mailbox.put(held._replace(body=old))
    staff.sync()
    staff.sync()
    assert len(staff.world.records(events_permit.PERMIT_NOTED_TOLD)) == 2
    head.sync()
    (row,) = head.permits.view().noted
    assert (row.title, row.words_sound) == ("案.docx", True)
    head.permits.judge_noted(name, right=True, note="")
    head.sync()
    staff.sync()
    assert staff.permits.view().noted[0].state == "confirmed"
