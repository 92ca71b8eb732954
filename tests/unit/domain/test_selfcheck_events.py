from meti_desk.domain import events as ev
from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.label import Label, Undecided
from meti_desk.domain.ledger import follow
from meti_desk.domain.restriction import Restriction, Strength

LABEL = Label(
    Confidentiality.C2,
    Integrity.I2,
    Availability.A1,
    frozenset({Restriction("copy", Strength.FORBIDDEN, "複製禁止")}),
    frozenset({"総務課"}),
)


def record(kind: str, body: ev.Body) -> ev.Record:
    return ev.read(
        follow(None, event_id="e1", kind=kind, at="2026-04-01T00:00:00+09:00", body=body)
    )


def test_what_handle_writes_is_read_back() -> None:
    body = ev.handle_body(
        action="distribute",
        acts=("distribute", "provide"),
        document="d1",
        title="報告書.docx",
        label=LABEL,
        measures=(ev.MeasureEntry("encryption", "declined", "紙で渡す"),),
        permit=ev.PermitEntry(ev.PERMIT_NOTED, "課長 口頭"),
        removed={"comments": 2, "author": 1},
        recipients=("a@example.com",),
        marked=True,
        method="office",
        reason="審査",
    )
    read = record(ev.HANDLE, body)
    assert read.acts == ("distribute", "provide")
    assert (read.c, read.i, read.a, read.decided) == (2, 2, 1, True)
    assert read.measure("encryption") == ev.MeasureEntry("encryption", "declined", "紙で渡す")
    assert read.measure("password") is None
    assert read.permit.kind == "noted"
    assert read.removed == 3
    assert (read.recipients, read.marked, read.reason) == (("a@example.com",), True, "審査")
    assert read.youhogo
    assert body[ev.LABEL] == {
        "c": 2,
        "i": 2,
        "a": 1,
        "restrictions": ["複製禁止"],
        "audience": ["総務課"],
        "decided": True,
    }


def test_an_action_without_facts_is_what_its_button_says() -> None:
    body = ev.handle_body(action="provide", document="d", title="t", label=LABEL, measures=())
    assert record(ev.HANDLE, body).acts == ("provide",)


def test_an_undecided_label_is_its_floor_and_says_so() -> None:
    body = ev.classify_body(document="d", title="t", label=Undecided(), marked=False)
    read = record(ev.CLASSIFY, body)
    assert (read.c, read.decided, read.youkimitsu) == (2, False, True)


def test_other_builders_are_read_back() -> None:
    protect = ev.protect_body(
        document="d", title="t", label=None, method="zip", algorithms=("AES-256",), listed=False
    )
    assert not record(ev.PROTECT, protect).listed
    assert record(ev.PROTECT, protect).c == 0
    scrub = ev.scrub_body(
        document="d", title="t", label=LABEL, removed={"author": 4}, purpose="publish"
    )
    assert record(ev.SCRUB, scrub).removed == 4
    opened = ev.open_body(document="d", title="t", label=LABEL, method="office")
    assert record(ev.OPEN, opened).document == "d"


def test_a_body_of_another_shape_reads_as_nothing_known() -> None:
    strange: ev.Body = {
        ev.LABEL: 3, ev.MEASURES: ["x", {"id": 4}], ev.PERMIT: "granted", ev.ACTS: "provide",
        ev.REMOVED: {"a": 1}, ev.MARKED: "yes",
    }  # fmt: skip
    read = record("handle", strange)
    assert (read.c, read.acts, read.removed, read.marked) == (0, (), 0, False)
    assert read.permit.kind == "granted"
    assert not read.youhogo
