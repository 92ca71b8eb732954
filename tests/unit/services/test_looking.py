"""What is only looked at: inspect, suggest, plan, the record as list and CSV, ホーム, views."""

import csv
import io
import shutil
from pathlib import Path
from typing import Any

import pytest

from meti_desk.domain import events
from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, RuleViolation
from meti_desk.domain.label import Undecided
from meti_desk.services import giving, letters, records
from meti_desk.services.classify import classify
from meti_desk.services.context import UNNAMED, key_id
from meti_desk.services.handle import handle
from meti_desk.services.home import home
from meti_desk.services.inspect import inspect
from meti_desk.services.messages import (
    ClassifyRequest,
    HandleRequest,
    LabelView,
    Person,
    PlannedFile,
    PlanRequest,
    SuggestedFile,
)
from meti_desk.services.plan import plan
from meti_desk.services.suggest import suggest
from meti_desk.services.views import error_view, label_view, recorded_label
from tests.unit.services.fakes import ME, World

TO = "iin@example.com"
NOTED = "鈴木課長, 2026年11月20日, 口頭"


def labelled(world: World, path: Path, c: int = 2, **more: Any) -> Path:
    done = classify(world.ctx, ClassifyRequest(paths=(str(path),), c=c, reason="必要", **more))
    assert done.files[0].error is None
    return path


def proposed(world: World, path: Path, *sources: Path) -> SuggestedFile:
    [told] = suggest(world.ctx, (str(path),), tuple(map(str, sources)))
    return told


def because(told: SuggestedFile) -> set[tuple[str, str, str]]:
    return {(one.part, one.value, one.source) for one in told.evidence}


def planned(world: World, action: Any, path: Path, **more: Any) -> PlannedFile:
    [told] = plan(world.ctx, PlanRequest(action=action, paths=(str(path),), **more))
    return told


# ---- suggest


def test_what_nothing_speaks_for_stays_undecided(world: World) -> None:
    told = proposed(world, world.word())
    assert told.label == LabelView()
    assert told.evidence == ()


def test_a_typed_mark_gives_a_floor_and_decides_nothing(world: World) -> None:
    told = proposed(world, world.word(header="機密性2情報・複製禁止"))
    assert told.label is not None
    assert (told.label.c, told.label.decided) == (2, False)
    assert {("c", "2", "mark"), ("restriction", "複製禁止", "mark")} <= because(told)
    assert {one.place for one in told.evidence} == {"header"}


def test_sources_hand_down_their_label(world: World) -> None:
    source = labelled(world, world.word("元.docx", "元"), i=2, restrictions=("印刷禁止",))
    told = proposed(world, world.word(), source)
    assert told.label is not None
    assert (told.label.c, told.label.i, told.label.decided) == (2, 1, True)
    assert told.label.restrictions == ("印刷禁止",)
    assert {("c", "2", "source"), ("restriction", "印刷禁止", "source")} <= because(told)
    undecided = proposed(world, world.word(), source, world.word("未.docx", "未決定"))
    assert undecided.label is not None
    assert (undecided.label.c, undecided.label.decided) == (2, False)
    with pytest.raises(EnvironmentProblem):
        proposed(world, world.word(), world.folder / "ない.docx")


def test_the_record_speaks_where_the_file_says_nothing(world: World) -> None:
    path = labelled(world, world.word())
    plain = world.word("無印.docx")
    told = proposed(world, plain)
    assert told.label is not None
    assert told.label.c == 2
    assert ("c", "2", "record") in because(told)
    assert ("c", "2", "mark") in because(proposed(world, path))


def test_a_mark_above_the_label_is_not_left_out(world: World) -> None:
    path = labelled(world, world.word(header="機密性2情報"), c=1)
    told = proposed(world, path)
    assert told.label is not None
    assert told.label.c == 2


# ---- inspect


def test_inspect_tells_of_each_file_also_while_locked(world: World) -> None:
    path = labelled(world, world.word())
    missing = world.folder / "ない.docx"
    rows = inspect(world.ctx, (str(path), str(missing)))
    assert [row.path for row in rows] == [str(path), str(missing)]
    assert (rows[0].format, rows[0].seal, rows[0].sources_known) == ("docx", "sealed", True)
    assert rows[0].label == LabelView(c=2, i=1, a=1, decided=True)
    assert rows[1].error is not None
    assert (rows[1].error.code, rows[1].error.exit) == ("file.missing", 4)
    [locked] = inspect(world.locked(), (str(path),))
    assert (locked.sources, locked.sources_known, locked.seal) == (None, False, "sealed")
    copy = shutil.copy(path, world.folder / "写し.docx")
    [told] = inspect(world.ctx, (str(copy),))
    assert told.sources is not None
    assert [one.title for one in told.sources] == ["案.docx"]


# ---- plan


def test_a_plan_names_what_is_missing(world: World) -> None:
    path = labelled(world, world.word())
    told = planned(world, "provide", path, to=(TO,))
    by_id = {one.id: one for one in told.measures}
    assert by_id["permission"].state == "open"
    assert by_id["password"].state == "open"
    assert by_id["password"].proposed.startswith("yes")
    assert by_id["split"].proposed.startswith("no:")
    assert by_id["recipient-measures"].automatic
    assert not told.ready
    allowed = planned(
        world, "provide", path, to=(TO,), permit_noted=NOTED,
        decisions={"password": "yes", "encryption": "yes", "split": "no:一件だけのため"},
    )  # fmt: skip
    assert allowed.ready


def test_a_plan_goes_by_the_label_that_is_being_chosen(world: World) -> None:
    path = world.word()
    label = ClassifyRequest(paths=(str(path),), c=1)
    assert planned(world, "publish", path, label=label).ready
    assert not planned(world, "publish", path).ready
    assert world.records() == []
    [locked] = plan(world.locked(), PlanRequest(action="publish", paths=(str(path),), label=label))
    assert locked.error is None


def test_a_plan_reads_its_request_once_and_strictly(world: World) -> None:
    path = world.word()
    for more, code in (
        ({"decisions": {"x": "yes"}}, "decision.unknown"),
        ({"decisions": {"password": "maybe"}}, "decision.invalid"),
        ({"decisions": {"password": "no: "}}, "decision.needs-reason"),
        ({"permit_noted": "課長"}, "permit.noted-incomplete"),
        ({"to": ("a\nb@c",)}, "recipient.invalid"),
    ):
        with pytest.raises(InvalidInput) as caught:
            planned(world, "provide", path, **more)
        assert caught.value.code == code


def test_mail_needs_a_sender_of_the_ministry(world: World) -> None:
    path = labelled(world, world.word())
    world.ctx.set_person(Person("山田太郎", mail="yamada@example.com"))
    by_id = {one.id: one for one in planned(world, "provide", path, to=(TO,)).measures}
    assert by_id["ministry-mail"].state == by_id["go-jp"].state == "open"
    world.ctx.set_person(ME)
    by_id = {one.id: one for one in planned(world, "provide", path, to=(TO,)).measures}
    assert by_id["ministry-mail"].state == by_id["go-jp"].state == "done"


# ---- the record


def test_the_list_shows_newest_first_and_finds_words(world: World) -> None:
    labelled(world, world.word("一.docx", "一"))
    labelled(world, world.word("二.docx", "二"), c=3)
    rows = records.listed(world.ctx, "", 10)
    assert [row.title for row in rows] == ["二.docx", "一.docx"]
    assert rows[0].label == LabelView(c=3, i=1, a=1, decided=True)
    assert [row.title for row in records.listed(world.ctx, " 一.docx ", 10)] == ["一.docx"]
    assert len(records.listed(world.ctx, "", 1)) == 1


@pytest.mark.parametrize("first", "=+-@\t\r\n＝＋－＠")
def test_no_title_becomes_a_formula(world: World, first: str) -> None:
    title = f'{first}HYPERLINK("http://x.example","見る")'
    body = events.handle_body(
        action="provide", document="d", title=title, label=Undecided(), measures=(),
        recipients=(f"{first}cmd|x",),
    )  # fmt: skip
    world.store.ledger.append(events.HANDLE, body, world.clock.now())
    placed = records.export(world.ctx, world.out / "記録.csv")
    raw = placed.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    [head, line] = [*csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))]
    cells = dict(zip(head, line, strict=True))
    assert cells["文書"] == f"'{title}"
    assert cells["相手"].startswith("'")
    assert cells["行為"] == "provide"


def test_an_export_never_overwrites(world: World) -> None:
    labelled(world, world.word())
    first = records.export(world.ctx, world.out / "記録.csv")
    second = records.export(world.ctx, world.out / "記録.csv")
    assert (first.name, second.name) == ("記録.csv", "記録 (2).csv")
    assert first.read_bytes() == second.read_bytes()


# ---- ホーム


def test_home_shows_what_was_handled_and_what_is_due(world: World) -> None:
    labelled(world, world.word("一.docx", "一"))
    path = labelled(world, world.word("二.docx", "二"))
    plan_ = PlanRequest(action="provide", paths=(str(path),), to=(TO,), permit_noted=NOTED)
    handle(world.ctx, HandleRequest(plan=plan_, out=str(world.out)))
    told = home(world.ctx)
    assert told.person == "山田太郎"
    assert [(title, label.c) for _, title, label in told.recent] == [("二.docx", 2), ("一.docx", 2)]
    assert told.unconfirmed_permits == 1
    assert told.selfcheck_title
    assert told.selfcheck_total > told.selfcheck_answered == 0


# ---- papers beside the files


def test_files_that_no_mail_carries_are_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = labelled(world, world.word())
    request = PlanRequest(action="provide", paths=(str(path),), to=(TO,), permit_noted=NOTED)
    monkeypatch.setattr(letters, "MAIL_LIMIT", 1000)
    done = handle(world.ctx, HandleRequest(plan=request, out=str(world.out)))
    assert b"attachment" not in Path(done.mail).read_bytes()
    assert giving.TOO_LARGE in done.files[0].notes
    assert (world.out / giving.LETTER_NAME).is_file()


def test_without_addresses_there_is_no_draft(world: World) -> None:
    path = labelled(world, world.word())
    request = PlanRequest(
        action="provide", paths=(str(path),), to=("審査委員会",), permit_noted=NOTED
    )
    done = handle(world.ctx, HandleRequest(plan=request, out=str(world.out)))
    assert done.files[0].error is None
    assert (done.mail, bool(done.letter)) == ("", True)


# ---- views and surroundings


def test_labels_and_errors_as_they_are_shown() -> None:
    assert label_view(None) is None
    assert label_view(Undecided()) == LabelView()
    assert recorded_label({}) is None
    odd = recorded_label({"c": "x", "restrictions": None, "decided": "yes"})
    assert odd == LabelView()
    error = RuleViolation("label.below-sources", articles=("6-1",), chosen=1, needed=2)
    view = error_view(error)
    assert (view.code, view.exit, view.articles) == ("label.below-sources", 3, ("6-1",))
    assert view.params == {"chosen": 1, "needed": 2}


def test_who_gave_no_name_is_the_owner_of_the_device(world: World) -> None:
    world.ctx.set_person(Person(""))
    assert world.ctx.actor() == UNNAMED
    world.ctx.set_person(Person("", mail="a@meti.go.jp"))
    assert world.ctx.actor() == "a@meti.go.jp"


def test_only_known_keys_vouch(world: World) -> None:
    sealer = world.store.sealer
    key, message = key_id(sealer.public_key()), b"message"
    signature = sealer.sign(message)
    assert world.ctx.verify_seal(key, message, signature)
    assert not world.ctx.verify_seal(key, b"another", signature)
    assert not world.ctx.verify_seal(key, message, signature[:-1])
    assert not world.ctx.verify_seal("0" * 16, message, signature)
