"""Permits on the server: who may say what of them, when it is too late, and who is told."""

from typing import Any

import msgspec
import pytest

from meti_desk.domain.permit import DECIDERS, SYSTEM_MANAGER, UNIT_HEAD
from meti_desk.server import people, permits, publishing
from meti_desk.sync.mail import OUTCOME, Outcome
from meti_desk.sync.permits import LAPSED, REPORTED, PermitReported
from tests.unit.server.ministry import NOW, Ministry, ask, digest_of, words_of

BY_POST = {"k1": "responsible", "t1": "system", "h1": "head", "m1": "manager"}


def test_asked_decided_told(ministry: Ministry) -> None:
    assert ministry.ask() == ""
    assert ministry.who() == {"y1", "k1", "k2"}
    assert ministry.statement("k1").state == "requested"
    assert (
        ministry.decide(designated=("暗号化する",), note="年度内に限る", until="2026-11-25") == ""
    )
    for person in ("y1", "k1", "k2"):
        told = ministry.statement(person)
        assert (told.state, told.revision) == ("conditional", 2)
        assert (told.requested_by, told.requester, told.unit) == ("y1", "山田", "政策課")
        assert (told.decided_by, told.decider, told.post) == ("k1", "課長", UNIT_HEAD)
        assert (told.designated, told.note) == (("暗号化する",), "年度内に限る")
        assert told.scope.until == "2026-11-25"
    assert ministry.state() == ("conditional", 2)
    assert ministry.revoke() == ""
    told = ministry.statement()
    assert (told.state, told.ended_by, told.ender, told.ended_note) == (
        "revoked", "k1", "課長", "誤り",
    )  # fmt: skip
    assert told.decider == "課長"


def test_words_reach_who_decides_and_who_asked_as_they_were_sealed(ministry: Ministry) -> None:
    words = words_of("p1")
    ministry.ask(words=words)
    for person in ("y1", "k1"):
        told = ministry.told(person)
        assert told is not None
        assert (told.words, told.documents, told.labels) == (words, ("d1",), ("C2I1A1",))
    assert ministry.told("s1") is None
    assert ministry.told("z1") is None
    assert ministry.told("o1") is None


def test_the_audit_chain_names_ids_alone(ministry: Ministry) -> None:
    ministry.ask()
    ministry.decide(note="秘密の理由")
    told = [one for one in ministry.audit() if one["what"] == "permit"]
    assert told == [
        {"what": "permit", "id": "p1", "state": "requested", "revision": 1, "by": "y1"},
        {"what": "permit", "id": "p1", "state": "granted", "revision": 2, "by": "k1"},
    ]


@pytest.mark.parametrize("article", sorted(DECIDERS))
def test_each_article_is_decided_by_its_posts_alone(ministry: Ministry, article: str) -> None:
    ministry.ask(articles=(article,))
    allowed = {one for one, role in BY_POST.items() if _post(role) in DECIDERS[article]}
    assert allowed
    assert ministry.who() - {"y1", "k2"} == allowed
    for person in [*sorted(BY_POST.keys() - allowed), "o1", "s1", "z1"]:
        assert ministry.decide(person) == "permit.wrong-decider"
    assert ministry.state() == ("requested", 1)
    assert ministry.decide(min(allowed)) == ""
    assert ministry.state() == ("acknowledged" if article == "19-4" else "granted", 2)


def _post(role: str) -> str:
    from meti_desk.server.units import POSTS

    return POSTS[role]


def test_nobody_decides_their_own(ministry: Ministry) -> None:
    ministry.ask("k1")
    assert ministry.decide("k1") == "permit.own-request"
    assert ministry.decide("k2") == ""
    assert ministry.revoke("k1") == "permit.own-request"
    assert ministry.revoke("k2") == ""


def test_a_refusal_has_its_reason(ministry: Ministry) -> None:
    ministry.ask()
    assert ministry.decide(granted=False) == "permit.reason-missing"
    assert ministry.decide(granted=False, note="目的が不明") == ""
    assert ministry.statement().note == "目的が不明"
    assert ministry.state() == ("refused", 2)


def test_a_notice_is_received_by_the_manager_alone(ministry: Ministry) -> None:
    assert (
        ministry.ask(articles=("19-4",), digests=(), recipients=(), documents=(), labels=()) == ""
    )
    assert ministry.decide("m1", granted=False, note="x") == "permit.only-received"
    assert ministry.decide("k1") == "permit.wrong-decider"
    assert ministry.decide("m1") == ""
    told = ministry.statement()
    assert (told.state, told.post) == ("acknowledged", SYSTEM_MANAGER)
    assert ministry.revoke("m1") == "permit.wrong-state"


def test_of_two_decisions_the_first_counts(ministry: Ministry) -> None:
    ministry.ask()
    assert ministry.decide("k1") == ""
    assert ministry.decide("k2", granted=False, note="否") == "permit.changed"
    assert ministry.decide("k2") == "permit.changed"
    assert ministry.decide("k1", granted=False, note="否") == "permit.changed"
    assert ministry.decide("k1", until="2026-11-20") == "permit.changed"
    assert ministry.state() == ("granted", 2)


def test_what_is_said_again_is_known(ministry: Ministry) -> None:
    words = words_of("p1")
    for _ in range(2):
        assert ministry.ask(words=words) == ""
    assert ministry.state() == ("requested", 1)
    for _ in range(2):
        assert ministry.decide(designated=("暗号化する",)) == ""
    assert ministry.ask(words=words) == ""
    assert ministry.state() == ("conditional", 2)
    for _ in range(2):
        assert ministry.report() == ""
    assert ministry.decide(designated=("暗号化する",)) == ""
    assert ministry.state() == ("reported", 3)
    ministry.ask(permit="p2")
    for _ in range(2):
        assert ministry.withdraw(permit="p2") == ""
    assert ministry.state("p2") == ("withdrawn", 2)
    ministry.ask(permit="p3")
    ministry.decide(permit="p3")
    for _ in range(2):
        assert ministry.revoke(permit="p3") == ""
    assert ministry.state("p3") == ("revoked", 3)


def test_asking_again_renews_the_words_alone(ministry: Ministry) -> None:
    ministry.ask()
    before = ministry.told("k1")
    assert before is not None
    words = words_of("p1")
    assert ministry.ask(words=words) == ""
    after = ministry.told("k1")
    assert after == msgspec.structs.replace(before, words=words)
    assert ministry.decide() == ""
    assert ministry.ask(words=words_of("p1")) == ""
    final = ministry.told("k1")
    assert final is not None
    assert final.words == words


def test_words_are_sealed_anew_and_not_exchanged(ministry: Ministry) -> None:
    ministry.ask()
    before = ministry.told("k1")
    assert ministry.statement().words_digest == digest_of("p1")
    other = words_of("p1", plain=b"other")
    for digest in (b"", digest_of("p1", plain=b"other"), digest_of("p2")):
        assert ministry.ask(words=other, digest=digest) == "permit.words-changed"
    assert ministry.ask(digest=bytes(31)) == "permit.malformed"
    assert ministry.told("k1") == before
    assert ministry.decide(granted=False, note="否") == ""
    assert ministry.statement().words_digest == digest_of("p1")
    assert ministry.ask(words=other, digest=digest_of("p1", plain=b"other")) == ""
    final = ministry.told("k1")
    assert final is not None
    assert before is not None
    assert final.words == before.words


def test_a_request_of_an_earlier_version_is_bound_by_a_new_revision(ministry: Ministry) -> None:
    words = words_of("p1")
    ministry.ask(words=words, digest=b"")
    assert ministry.ask(words=words, digest=b"") == ""
    assert ministry.ask(digest=b"") == "permit.words-changed"
    assert ministry.state() == ("requested", 1)
    assert ministry.decide("k2", revision=2) == "permit.not-held"  # kept until it is there
    bound = words_of("p1")
    assert ministry.ask(words=bound) == ""
    told = ministry.told("k1")
    assert told is not None
    assert told.words == bound
    assert ministry.state() == ("granted", 3)
    assert ministry.decide("k1") == "permit.changed"
    states = [one["state"] for one in ministry.audit() if one["what"] == "permit"]
    assert states == ["requested", "requested", "granted"]


def test_a_request_that_nobody_decided_in_time_ends_and_is_told(ministry: Ministry) -> None:
    ministry.ask(until="2026-11-20")
    ministry.ask(permit="p2")
    ministry.later(2)
    ministry.do(permits.sweep, ministry.server.key, ministry.now)
    assert ministry.state() == ("requested", 1)
    ministry.later(1)
    assert ministry.decide() == "permit.period-over"
    ministry.do(permits.sweep, ministry.server.key, ministry.now)
    assert (ministry.state(), ministry.state("p2")) == (("withdrawn", 2), ("requested", 1))
    for person in ("y1", "k1"):
        told = ministry.statement(person)
        assert (told.ended_by, told.ender, told.ended_note) == ("", "", LAPSED)
        assert (told.decided_by, told.ended_at[:10]) == ("", "2026-11-21")
    assert ministry.decide() == "permit.changed"
    assert ministry.decide(revision=2) == "permit.wrong-state"
    assert ministry.withdraw() == ""
    assert ministry.state() == ("withdrawn", 2)
    assert {"what": "permit", "id": "p1", "state": "withdrawn", "revision": 2, "by": ""} in (
        ministry.audit()
    )


def test_a_request_that_came_late_stands_for_a_week(ministry: Ministry) -> None:
    ministry.ask(since="2026-11-01", until="2026-11-17")
    for days, state in ((0, "requested"), (6, "requested"), (1, "withdrawn")):
        ministry.later(days)
        ministry.do(permits.sweep, ministry.server.key, ministry.now)
        assert ministry.state()[0] == state
    assert ministry.decide(granted=False, note="否") == "permit.changed"


def test_a_decision_on_words_that_nothing_bound_falls_on_no_other(ministry: Ministry) -> None:
    ministry.ask(digest=b"")
    assert ministry.ask() == ""
    assert ministry.decide(revision=1) == "permit.changed"
    assert ministry.state() == ("requested", 2)
    assert ministry.withdraw(revision=2) == ""


@pytest.mark.parametrize(
    "more",
    [
        {"recipients": ("y@example.com",)}, {"until": "2026-12-31"}, {"documents": ("d2",)},
        {"labels": ("C1I1A1",)}, {"articles": ("13", "10-4")},
    ],
)  # fmt: skip
def test_an_id_belongs_to_one_request(ministry: Ministry, more: dict[str, Any]) -> None:
    ministry.ask()
    assert ministry.ask(**more) == "permit.id-taken"
    assert ministry.ask("s1") == "permit.id-taken"
    assert ministry.ask("z1") == "permit.id-taken"
    assert ministry.statement().requested_by == "y1"


def test_no_content_is_permitted_that_no_document_stands_for(ministry: Ministry) -> None:
    assert ministry.ask(digests=("ab", "cd")) == "permit.malformed"
    assert ministry.ask(documents=(), labels=()) == "permit.malformed"
    two = {"documents": ("d1", "d2"), "labels": ("C2I1A1", "C2I1A1")}
    assert ministry.ask(digests=("ab", "cd"), **two) == ""
    assert ministry.ask(permit="p2", **two) == ""  # two documents of the same content


def test_words_may_have_spaces_of_full_width_and_gaiji_but_no_line_ends(ministry: Ministry) -> None:
    assert ministry.ask(blanket="会議　資料", digests=()) == ""
    assert ministry.decide(designated=("施錠　すること \ue000",)) == ""
    assert ministry.statement().designated == ("施錠　すること \ue000",)
    assert ministry.ask(permit="p2", blanket="会議\n資料") == "permit.malformed"


def test_only_who_asked_takes_a_request_back_and_only_in_time(ministry: Ministry) -> None:
    ministry.ask()
    assert ministry.withdraw("s1") == "permit.not-yours"
    assert ministry.withdraw("k1") == "permit.not-yours"
    ministry.decide()
    assert ministry.withdraw() == "permit.changed"
    assert ministry.state() == ("granted", 2)
    ministry.ask(permit="p2")
    assert ministry.withdraw(permit="p2") == ""
    assert ministry.decide(permit="p2") == "permit.changed"


def test_what_is_not_held_is_told(ministry: Ministry) -> None:
    for step in (ministry.decide, ministry.withdraw, ministry.revoke, ministry.report):
        assert step() == "permit.not-held"


def test_what_came_before_its_request_is_done_when_that_comes(ministry: Ministry) -> None:
    """The devices offer their logs again after a restore, in whatever order they come."""
    assert ministry.report(revision=2) == "permit.not-held"
    assert ministry.decide("o1") == "permit.not-held"
    assert ministry.decide("k1", note="可") == "permit.not-held"
    assert ministry.state_or_none() is None
    early = _refusals(ministry, "k1"), _refusals(ministry, "o1")
    assert early == (["permit.not-held"], ["permit.not-held"])
    assert ministry.ask() == ""
    told = ministry.statement()
    assert (told.state, told.decided_by, told.reported_by, told.revision) == (
        "reported", "k1", "y1", 3,
    )  # fmt: skip
    # What it is now worth is told anew: done, and refused.
    assert _refusals(ministry, "k1") == []
    assert _refusals(ministry, "o1") == ["permit.wrong-decider"]
    rows = ministry.database.run("SELECT id FROM cases WHERE kind = 'permit-early'")
    assert rows == []


def test_a_step_from_a_state_that_is_not_here_waits_for_it(ministry: Ministry) -> None:
    ministry.ask()
    assert ministry.revoke(revision=2) == "permit.not-held"
    assert ministry.revoke("z1", revision=2) == "permit.not-held"
    assert ministry.state() == ("requested", 1)
    assert ministry.decide("k2") == ""
    assert ministry.state() == ("revoked", 3)
    assert ministry.statement().ended_by == "k1"
    assert _refusals(ministry, "z1") == ["permit.wrong-decider"]


def test_not_more_is_kept_of_what_nobody_asked_for_than_a_few(ministry: Ministry) -> None:
    for number in range(30):
        ministry.decide("k1", note=f"{number}")
    rows = ministry.database.run("SELECT id FROM cases WHERE kind = 'permit-early'")
    assert len(rows) == 20
    assert ministry.ask() == ""
    assert ministry.statement().decided_by == "k1"
    assert ministry.state() == ("granted", 2)
    assert len(_refusals(ministry, "k1")) == 29


def test_what_was_missed_between_two_processes_is_done_at_the_next_look(
    ministry: Ministry,
) -> None:
    ministry.decide()
    ministry.database.run("UPDATE cases SET person = 'hidden' WHERE kind = 'permit-early'")
    ministry.ask()
    ministry.database.run("UPDATE cases SET person = 'p1' WHERE kind = 'permit-early'")
    assert ministry.state() == ("requested", 1)
    ministry.do(permits.sweep, ministry.server.key, ministry.now)
    assert ministry.state() == ("granted", 2)


def _refusals(ministry: Ministry, person: str) -> list[str]:
    rows = ministry.database.run(
        "SELECT body FROM mail WHERE person = ? AND kind = ?", (person, OUTCOME)
    )
    return [msgspec.msgpack.decode(body, type=Outcome).code for (body,) in rows]


def test_the_period_is_kept(ministry: Ministry) -> None:
    ministry.ask()
    assert ministry.decide(until="2026-12-01") == "permit.period"
    assert ministry.decide(until="tomorrow") == "permit.malformed"
    ministry.later(20)
    assert ministry.decide() == "permit.period-over"
    assert ministry.decide(granted=False, note="期間が過ぎた") == ""


@pytest.mark.parametrize(
    ("articles", "labels", "code"),
    [
        (("77-5",), ("C3I1A1",), "permit.report-not-waivable"),
        (("77-1", "77-5"), ("C1I2A1",), "permit.report-not-waivable"),
        (("38-8",), (), "permit.report-not-waivable"),
        (("77-5",), ("C2I2A1",), ""),
        (("77-1",), ("C3I1A1",), ""),
        (("13",), (), ""),
    ],
)
def test_whose_report_may_be_waived(
    ministry: Ministry, articles: tuple[str, ...], labels: tuple[str, ...], code: str
) -> None:
    ministry.ask(articles=articles, labels=labels)
    assert ministry.decide(report_waived=True) == code
    if code:
        assert ministry.decide() == ""
    assert ministry.statement().report_waived is not bool(code)


def test_run_out_is_written_down_and_told_once(ministry: Ministry) -> None:
    ministry.ask()
    ministry.decide()
    ministry.later(12)
    assert ministry.do(permits.expire, ministry.server.key, ministry.now) == 0
    ministry.later(1)  # the first of December at the ministry
    assert ministry.do(permits.expire, ministry.server.key, ministry.now) == 1
    assert ministry.statement().state == "expired"
    assert ministry.state() == ("expired", 3)
    assert ministry.do(permits.expire, ministry.server.key, ministry.now) == 0
    assert ministry.revoke(revision=3) == "permit.wrong-state"
    assert ministry.report() == ""
    assert ministry.statement("k1").reported_by == "y1"
    assert ministry.state() == ("reported", 4)


def test_a_sweep_comes_once_an_hour(ministry: Ministry) -> None:
    for name in ("p1", "p2"):
        ministry.ask(permit=name)
    ministry.decide()
    ministry.later(20)
    ministry.do(permits.sweep, ministry.server.key, ministry.now)
    assert ministry.state() == ("expired", 3)
    ministry.ask(permit="p3", since="2026-12-08", until="2026-12-08")
    ministry.decide(permit="p3")
    ministry.do(permits.sweep, ministry.server.key, ministry.now + 3_599_999)
    assert ministry.state("p3")[0] == "granted"
    ministry.later(1)
    ministry.do(permits.sweep, ministry.server.key, ministry.now)
    assert ministry.state("p3")[0] == "expired"
    assert ministry.state("p2") == ("withdrawn", 2)


def test_a_report_of_what_has_run_out_or_was_taken_back_is_taken(ministry: Ministry) -> None:
    ministry.ask()
    ministry.decide()
    ministry.later(30)
    assert ministry.report(revision=2) == ""
    assert ministry.state() == ("reported", 4)
    ministry.ask(permit="p2", since="2026-12-18", until="2026-12-20")
    ministry.decide(permit="p2")
    ministry.revoke(permit="p2")
    assert ministry.report(permit="p2") == ""
    told = ministry.statement(permit="p2")
    assert (told.state, told.reported_by, told.ended_by) == ("revoked", "y1", "k1")


def test_the_report_reaches_who_decides_as_it_was_sealed(ministry: Ministry) -> None:
    ministry.ask()
    ministry.decide()
    words = words_of("p1", "report")
    said = PermitReported(id="p1", revision=2, words=words)
    assert ministry.say("y1", REPORTED, said) == ""
    for person in ("y1", "k1", "k2"):
        told = ministry.told(person)
        assert told is not None
        assert told.report == words
    plain = PermitReported(id="p1", revision=2, words=b"plain")
    assert ministry.say("y1", REPORTED, plain) == "permit.malformed"


def test_who_reports(ministry: Ministry) -> None:
    ministry.ask()
    assert ministry.report(revision=1) == "permit.wrong-state"
    ministry.decide()
    for person in ("s1", "z1", "o1", "t1"):
        assert ministry.report(person) == "permit.not-yours"
    assert ministry.report("k2") == ""
    told = ministry.statement()
    assert (told.reported_by, told.reporter) == ("k2", "副課長")
    assert ministry.report() == "permit.wrong-state"


@pytest.mark.parametrize(
    "more",
    [
        {"id": ""}, {"id": "x" * 65}, {"id": "a b"}, {"words": b"plain text"}, {"words": b""},
        {"labels": ("機密",)}, {"labels": ("C2", "C2")}, {"documents": ("題名 その1",)},
    ],
)  # fmt: skip
def test_what_is_out_of_bounds_is_refused(ministry: Ministry, more: dict[str, Any]) -> None:
    told = msgspec.structs.replace(ask(), **more)
    assert ministry.say("y1", "permit-asked", told) == "permit.malformed"
    assert ministry.database.run("SELECT id FROM cases") == []


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        ({"until": "2026-13-01"}, "permit.malformed"),
        ({"until": "2026-11-17"}, "permit.incomplete"),
        ({"articles": ()}, "permit.incomplete"),
        ({"actions": ()}, "permit.incomplete"),
        ({"digests": ()}, "permit.incomplete"),
        ({"articles": ("13", "38-9")}, "permit.no-decider"),
        ({"articles": ("99",)}, "permit.no-decider"),
        ({"recipients": ("x",) * 501}, "permit.malformed"),
        ({"recipients": ("x" * 255,)}, "permit.malformed"),
        ({"recipients": ("a\nb",)}, "permit.malformed"),
        ({"actions": ("提供",)}, "permit.malformed"),
        ({"blanket": "長" * 101}, "permit.malformed"),
    ],
)
def test_a_scope_that_is_none(ministry: Ministry, scope: dict[str, Any], code: str) -> None:
    assert ministry.ask(**scope) == code
    assert ministry.database.run("SELECT id FROM cases") == []


def test_decisions_have_bounds(ministry: Ministry) -> None:
    ministry.ask()
    for more in (
        {"note": "x" * 2_001}, {"designated": ("x",) * 51}, {"designated": (" ",)},
        {"designated": ("a\x00",)},
    ):  # fmt: skip
        assert ministry.decide(**more) == "permit.malformed"
    assert ministry.say("y1", "permit-asked", "text") == "sync.not-understood"


def test_who_has_left_says_nothing(ministry: Ministry) -> None:
    ministry.ask()
    gone = people.Person("k1", "課長", "政策課", role="responsible", active=False)
    people.put_person(ministry.database, gone, NOW)
    ministry.decide()  # their mail is closed, too
    ministry.ask("k1", "p2")
    assert ministry.state() == ("requested", 1)
    codes = [one["code"] for one in ministry.audit() if one["what"] == "not-done"]
    assert codes == ["permit.left", "permit.left"]


def test_a_stand_in_only_if_the_published_policy_names_one(ministry: Ministry) -> None:
    from meti_desk.data import read_text

    ministry.join_as("b1", "補佐", "post:総括補佐")
    ministry.ask()
    assert ministry.decide("b1") == "permit.wrong-decider"
    shipped = read_text("forms", "policy.toml")
    publishing.publish_policy(ministry.database, shipped, ministry.now)
    assert ministry.decide("b1") == "permit.wrong-decider"
    publishing.publish_policy(ministry.database, _with_stand_in(shipped), ministry.now + 1)
    ministry.ask("s1", "p2")
    assert "b1" in ministry.who("p2")
    assert ministry.decide("b1", "p2") == ""
    assert ministry.statement("s1", "p2").post == "総括補佐"
    ministry.ask("b1", "p3")
    assert ministry.decide("b1", "p3") == "permit.own-request"


def _with_stand_in(shipped: str) -> str:
    import re

    from meti_desk.standard.policy_file import parse_policy

    version = parse_policy(shipped).version
    newer = shipped.replace(version, f"{version}.9", 1)
    named = re.sub(r"(?m)^stand_ins\s*=.*$", 'stand_ins = ["総括補佐"]', newer)
    if "総括補佐" in named:
        return named
    return re.sub(r"(?m)^\[permits\]$", '[permits]\nstand_ins = ["総括補佐"]', newer)


def test_a_request_without_an_own_unit_is_of_the_ministry(ministry: Ministry) -> None:
    ministry.ask("h1", articles=("77-1",))
    assert ministry.who() == {"h1", "t1"}
    assert ministry.decide("k1") == "permit.wrong-decider"
    assert ministry.decide("t1") == ""
