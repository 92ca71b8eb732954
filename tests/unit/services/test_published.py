"""What the centre publishes is checked on both sides, put in force at once, and never undone."""

import base64
import os
import random
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meti_desk.data import read_text
from meti_desk.domain import stored_label
from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.events_published import PUBLISHED
from meti_desk.domain.label import Label
from meti_desk.server import mail, publishing
from meti_desk.server.keys import ServerKey
from meti_desk.services import enrolment, published
from meti_desk.services.arriving import take_in
from meti_desk.services.emergency_marks import marks
from meti_desk.services.forms_published import sheets
from meti_desk.services.selfcheck import SelfChecks
from meti_desk.services.selfcheck_views import AnswerRequest
from meti_desk.standard.policy_file import shipped_policy
from meti_desk.standard.selfcheck_file import shipped
from meti_desk.sync.snapshots import Snapshot, pack
from tests.unit.services.fakes import MemorySettings, World
from tests.unit.services.test_syncing import Office

POLICY = read_text("forms", "policy.toml")
FORM = read_text("forms", "selfcheck/staff.toml")
PROCEDURE = read_text("forms", "selfcheck/staff-procedure.toml")


def policy(version: str, **more: str) -> str:
    text = POLICY.replace('version = "2026.1"', f'version = "{version}"', 1)
    for old, new in more.items():
        assert old in text
        text = text.replace(old, new, 1)
    return text


def form(version: str, text: str = FORM) -> tuple[str, str]:
    old, new = 'version = "2026.1"', f'version = "{version}"'
    return text.replace(old, new, 1), PROCEDURE.replace(old, new, 1)


@pytest.fixture
def office(world: World, tmp_path_factory: pytest.TempPathFactory) -> Office:
    memory = MemorySettings()
    world.ctx.memory = lambda: memory
    return Office(world, tmp_path_factory.mktemp("ministry"))


def publish(office: Office, text: str) -> publishing.Published:
    return publishing.publish_policy(office.server.database, text, office.now())


def give(office: Office, topic: str, number: int, body: bytes) -> bool:
    """Bring a download that the server's key signed, true or not."""
    ctx = office.world.ctx
    one = mail.signed(office.server.key, topic, number, body)
    return take_in(ctx, enrolment.enrolled(ctx), [one])


def policy_body(text: str) -> bytes:
    return pack(Snapshot(kind="policy", label="x", text=text))


def codes(office: Office) -> list[tuple[str, str]]:
    return [(one.topic, one.code) for one in published.view(office.world.ctx).refused]


def test_a_policy_is_in_force_as_soon_as_it_came(office: Office) -> None:
    ctx = office.world.ctx
    assert published.view(ctx).server == ""
    made = publish(office, policy("2026.2", **{"days = 31": "days = 14"}))
    office.area.sync()
    assert (ctx.policy.version, ctx.policy.permits.days) == ("2026.2", 14)
    told = published.view(ctx)
    assert (told.version, told.sha256) == ("2026.2", made.sha256)
    assert told.server.startswith("https://")
    assert ("policy.in-force", True) in [one[:2] for one in published.health(ctx)]
    (event,) = ctx.open_store().ledger.events(kinds=(PUBLISHED,))
    assert event.data() == {"what": "policy", "version": "2026.2", "form_hash": made.sha256}
    office.area.sync()
    assert len([*ctx.open_store().ledger.events(kinds=(PUBLISHED,))]) == 1


def test_a_policy_holds_again_after_unlocking(office: Office) -> None:
    ctx = office.world.ctx
    publish(office, policy("2026.2"))
    office.area.sync()
    ctx.policy = shipped_policy()
    published.put_in_force(ctx)
    assert ctx.policy.version == "2026.2"


def test_versions_only_grow_and_the_same_is_published_once(office: Office) -> None:
    first = publish(office, policy("2026.2"))
    assert publish(office, policy("2026.2")) == msgspec.structs.replace(first, new=False)
    for old in (policy("2026.2", **{"days = 31": "days = 7"}), policy("2026.1"), policy("1")):
        with pytest.raises(InvalidInput, match=r"publish\.not-newer"):
            publish(office, old)
    second = publish(office, policy("2026.10"))
    assert second.number > first.number
    office.area.sync()
    assert office.world.ctx.policy.version == "2026.10"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("days = 31", "days = []", "wrong-type"),
        ("[permits]", "[permit]", "unknown-key"),
        ('"meti.go.jp"', '"go.jp"', "domain-too-wide"),
    ],
)
def test_a_wrong_policy_is_refused_on_both_sides_and_the_old_one_stays(
    office: Office, old: str, new: str, reason: str
) -> None:
    ctx = office.world.ctx
    publish(office, policy("2026.2"))
    office.area.sync()
    wrong = policy("2026.3", **{old: new})
    with pytest.raises(InvalidInput, match=r"policy\.invalid") as caught:
        publish(office, wrong)
    assert caught.value.params["reason"] == reason
    assert isinstance(caught.value.params["line"], int)
    assert give(office, "policy", office.now() + 10, policy_body(wrong))
    assert codes(office) == [("policy", "policy.invalid")]
    assert ctx.policy.version == published.view(ctx).version == "2026.2"
    assert [one for one in published.health(ctx) if not one[1]]
    publish(office, policy("2026.4"))
    # The number of what was refused is used up; the next one is behind it.
    office.world.clock.moment = office.world.clock.moment.replace(minute=59)
    made = publish(office, policy("2026.5"))
    assert made.number > office.now() - 60_000
    office.area.sync()
    assert (ctx.policy.version, codes(office)) == ("2026.5", [])


def test_what_was_refused_is_tried_again_by_the_next_version_of_the_program(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = office.world.ctx
    assert give(office, "policy", 5, policy_body("title ="))
    again = policy_body(policy("2027.1"))
    held = ctx.open_store().settings.get("published.refused")
    wrong = base64.b64encode(policy_body("title =")).decode()
    newer = held.replace(wrong, base64.b64encode(again).decode())
    ctx.open_store().settings.put("published.refused", newer)
    published.again(ctx)
    assert codes(office) == [("policy", "policy.invalid")]
    monkeypatch.setattr(published, "__version__", "99.0")
    published.again(ctx)
    published.put_in_force(ctx)
    assert (ctx.policy.version, codes(office)) == ("2027.1", [])


def test_an_older_policy_never_comes_back(office: Office, world: World) -> None:
    ctx = world.ctx
    publish(office, policy("2026.2"))
    office.area.sync()
    before = dict(world.store.settings.rows), dict(world.store.mailbox.places)
    world.clock.moment += timedelta(minutes=1)
    newest = publish(office, policy("2026.3"))
    office.area.sync()
    assert ctx.policy.version == "2026.3"
    # The server lies: an older number is passed over.
    lie = policy_body(policy("2025.1"))
    assert not give(office, "policy", newest.number - 1, lie)
    # The device left the server and came back: its cursors are gone, what it saw is not.
    office.area.leave()
    office.area.enrol(office.code(), "https://sync.example.go.jp")
    assert give(office, "policy", newest.number - 1, lie)
    assert codes(office) == [("policy", published.ROLLBACK)]
    # The store was restored from a backup: what it saw is remembered beside it.
    world.store.settings.rows, world.store.mailbox.places = before
    assert give(office, "policy", newest.number - 1, lie)
    assert codes(office) == [("policy", published.ROLLBACK)]
    office.area.sync()
    assert (ctx.policy.version, codes(office)) == ("2026.3", [])


def test_another_server_counts_for_itself(office: Office, world: World) -> None:
    publish(office, policy("2026.2"))
    office.area.sync()
    known = enrolment.enrolled(world.ctx)
    office.area.leave()
    enrolment.keep(world.ctx, msgspec.structs.replace(known, server=bytes(32)))
    world.ctx.verify = lambda *_all: True
    assert give(office, "policy", 3, policy_body(policy("2025.1")))
    assert (world.ctx.policy.version, codes(office)) == ("2025.1", [])


def test_a_policy_stays_when_the_device_leaves(office: Office) -> None:
    publish(office, policy("2026.2", **{"days = 31": "days = 14"}))
    office.area.sync()
    office.area.leave()
    published.put_in_force(office.world.ctx)
    assert office.world.ctx.policy.permits.days == 14


def test_a_large_policy_and_forms_come_in_several_answers(office: Office) -> None:
    rows = random.Random(1)
    lines = "".join(
        '\n[[contacts]]\ncase = "other"\n'
        f'name = "窓口{number}"\nnote = "{rows.randbytes(800).hex()}"\n'
        for number in range(900)
    )
    large = policy("2026.2") + lines
    assert len(large) > 900_000
    publish(office, large)
    publishing.publish_form(office.server.database, *form("2026.9"), "staff", office.now())
    given, more = publishing.downloads(office.server.database, office.server.key, {})
    assert (len(given), more) == (1, True)
    before = office.wire.sent
    office.area.sync()
    assert office.wire.sent - before >= 2
    ctx = office.world.ctx
    assert len(ctx.policy.contacts) > 900
    assert ("staff", "2026.9") in published.view(ctx).forms
    with pytest.raises(InvalidInput, match=r"published\.too-large"):
        publish(office, policy("2026.3") + lines + lines.replace("窓口", "別の窓口"))


def test_a_restriction_that_vanished_leaves_old_labels_readable(office: Office) -> None:
    ctx = office.world.ctx
    entry = ctx.policy.restrictions[0]
    properties = {
        stored_label.LABEL_KEY: "C2;I1;A1",
        stored_label.HANDLING_KEY: f"r={entry.name}",
    }
    known = stored_label.parse(properties, ctx.policy.vocabulary)
    assert isinstance(known, Label)
    head, _, rest = POLICY.partition("[[restrictions]]")
    kept = rest.partition("[[restrictions]]")[2]
    gone = (head + "[[restrictions]]" + kept).replace("2026.1", "2026.2", 1)
    publish(office, gone)
    office.area.sync()
    assert ctx.policy.vocabulary.get(entry.name) is None
    read = stored_label.parse(properties, ctx.policy.vocabulary)
    assert isinstance(read, Label)
    assert entry.name in {one.name for one in read.restrictions}


def test_a_published_form_is_the_one_that_is_answered(office: Office, world: World) -> None:
    checks = SelfChecks(world.ctx, lambda: sheets(world.ctx))
    first = checks.show().items[0]
    checks.answer(AnswerRequest(form="", link_id=first.link_id, value="done"))
    old = f'text.ja = "{first.text}"'
    assert old in FORM
    text = FORM.replace(old, 'text.ja = "別の問い"', 1)
    made = publishing.publish_form(
        office.server.database, *form("2026.2", text), "staff", office.now()
    )
    office.area.sync()
    (row,) = [one for one in checks.list_forms().forms if one.form == shipped()[0].form.url]
    assert row.version == "2026.2"
    shown = checks.show().items[0]
    assert shown.text == "別の問い"
    assert shown.answer is not None
    # What was answered stays, and is shown as an answer to the older version.
    assert (shown.answer.form_version, shown.answer.value) == ("2026.1", "done")
    assert shown.answer.stale
    events = [one.data() for one in world.store.ledger.events(kinds=(PUBLISHED,))]
    assert [(one["what"], one["version"], one["form_hash"]) for one in events] == [
        ("form", "2026.2", made.sha256)
    ]
    world.ctx.store = None
    assert sheets(world.ctx) == shipped()


def test_a_form_needs_its_procedure_and_its_own_topic(office: Office) -> None:
    database, now = office.server.database, office.now()
    with pytest.raises(InvalidInput, match=r"procedure\.invalid"):
        publishing.publish_form(database, form("2026.2")[0], PROCEDURE, "staff", now)
    with pytest.raises(InvalidInput, match=r"publish\.name"):
        publishing.publish_form(database, *form("2026.2"), "職員", now)
    text, procedure = form("2026.2")
    body = pack(Snapshot(kind="form", label="1", text=text, name="x", procedure=procedure))
    assert give(office, "form:urn:other", 5, body)
    assert codes(office) == [("form:urn:other", "published.malformed")]
    assert sheets(office.world.ctx) == shipped()


def test_a_notice_marks_what_is_compromised(office: Office) -> None:
    ctx = office.world.ctx
    notice = msgspec.json.encode(
        {"format": "meti-desk-crypto-notice/1", "serial": 3,
         "marks": [{"id": "rsa-oaep", "since": "2026-11-01", "reference": "通知 3 号"}]}
    ).decode()  # fmt: skip
    publishing.publish_notice(office.server.database, notice, office.now())
    office.area.sync()
    assert [(one.id, one.by_notice) for one in marks(ctx)] == [("rsa-oaep", True)]
    assert ctx.table().state("rsa-oaep") == "compromised"
    with pytest.raises(InvalidInput, match=r"publish\.not-newer"):
        publishing.publish_notice(
            office.server.database, notice.replace('"serial":3', '"serial":2'), office.now()
        )
    for bad, code in (
        ("{", "crypto.notice-damaged"),
        (notice.replace("rsa-oaep", "rot-13"), "crypto.unknown-algorithm"),
    ):
        with pytest.raises(InvalidInput) as caught:
            publishing.publish_notice(office.server.database, bad, office.now())
        assert caught.value.code == code


@settings(max_examples=200, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.data())
def test_nothing_that_is_signed_but_wrong_stops_the_sync(
    office: Office, data: st.DataObject
) -> None:
    ctx = office.world.ctx
    version = ctx.policy.version
    topic = data.draw(st.sampled_from(["policy", "crypto", "form:x", "form:", "other:x", ""]))
    kind = data.draw(st.sampled_from(["policy", "form", "crypto"]))
    text = data.draw(st.text(max_size=60) | st.just(POLICY[: data.draw(st.integers(0, 400))]))
    body = data.draw(
        st.binary(max_size=80)
        | st.just(pack(Snapshot(kind=kind, label="1", text=text, procedure=text)))
    )
    number = ctx.open_store().mailbox.cursors().get(topic, 0) + data.draw(st.integers(1, 5))
    assert give(office, topic, number, body)
    assert ctx.policy.version == version
    assert ctx.open_store().mailbox.cursors()[topic] == number


STEPS = st.one_of(
    st.tuples(st.just("give"), st.integers(1, 12)),
    st.tuples(st.sampled_from(["save", "restore", "leave", "lock"]), st.just(0)),
)


@settings(max_examples=1000 if os.environ.get("METI_DESK_FULL") else 15, derandomize=True,
          deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.lists(STEPS, min_size=3, max_size=20))
def test_whatever_happens_no_older_policy_is_taken(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    world = World(tmp_path_factory.mktemp("device"))
    memory = MemorySettings()
    world.ctx.memory = lambda: memory
    key = ServerKey(bytes(32))
    known = enrolment.SyncState(url="https://x", device="0" * 32, person="y1", server=key.public)
    enrolment.keep(world.ctx, known)
    saved = dict(world.store.settings.rows), dict(world.store.mailbox.places)
    highest = 0
    for what, number in steps:
        if what == "give":
            before = world.ctx.policy.version
            body = policy_body(policy(f"2027.{number}"))
            take_in(world.ctx, known, [mail.signed(key, "policy", number, body)])
            if world.ctx.policy.version != before:
                assert number >= highest
                assert world.ctx.policy.version == f"2027.{number}"
            if number >= highest:
                highest = number
                assert world.ctx.policy.version == f"2027.{number}"
        elif what == "save":
            saved = dict(world.store.settings.rows), dict(world.store.mailbox.places)
        elif what == "restore":
            world.store.settings.rows, world.store.mailbox.places = map(dict, saved)
        elif what == "leave":
            world.store.mailbox.forget()
        if what in ("restore", "lock"):  # whoever restores a store opens it anew
            world.ctx.policy = shipped_policy()
            published.put_in_force(world.ctx)
