"""Deciding a label: what may be chosen, what forbids it, what is written where (Arts. 4 to 7)."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest

from meti_desk.domain import stored_label
from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError
from meti_desk.domain.label import Label
from meti_desk.formats.jobs import ProtectOrder, ProtectReport
from meti_desk.services.classify import classify, preview_mark
from meti_desk.services.deciding import requested
from meti_desk.services.facts import opened, sidecar_of
from meti_desk.services.messages import ClassifyRequest, DoneFile, ProtectRequest, ScrubRequest
from meti_desk.services.protect import protect
from meti_desk.services.scrub import scrub
from meti_desk.services.suggest import QUICK, suggest
from tests.unit.services.fakes import NOW, World

EMBARGO = "2027年3月31日まで公表禁止"


def decide(world: World, path: Path, c: int = 2, **more: Any) -> DoneFile:
    [row] = classify(world.ctx, ClassifyRequest(paths=(str(path),), c=c, **more)).files
    return row


def code(row: DoneFile) -> str:
    return row.error.code if row.error else ""


def chosen(world: World, *names: str, **more: Any) -> Label:
    request = ClassifyRequest(paths=(), c=2, restrictions=names, **more)
    return requested(world.ctx, request)


def label_in(world: World, path: Path) -> Label:
    with opened(world.locked(), path, QUICK) as facts:
        assert isinstance(facts.label, Label)
        return facts.label


def encrypted(world: World, name: str = "暗号.docx") -> Path:
    """Protect a document outside the application."""
    path = world.word(name)
    order = ProtectOrder(method="office", password="x" * 20, name=name)
    with path.open("rb") as source, world.files.scratch(world.folder) as target:
        world.workers.run("protect", order, {"source": source, "target": target}, ProtectReport)
        target.seek(0)
        data = target.read()
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("levels", [(0, 1, 1), (4, 1, 1), (2, 0, 1), (2, 3, 1), (2, 1, 3)])
def test_levels_that_do_not_exist(world: World, levels: tuple[int, int, int]) -> None:
    c, i, a = levels
    with pytest.raises(InvalidInput) as caught:
        requested(world.ctx, ClassifyRequest(paths=(), c=c, i=i, a=a))
    assert caught.value.code == "label.level"


def test_restrictions_as_they_are_written(world: World) -> None:
    label = chosen(
        world, "複製禁止", " 審査委員限り ", "2027年3月31日まで公表禁止", audience=("局長",)
    )
    assert {one.name for one in label.restrictions} == {"複製禁止"}
    assert label.audience == frozenset({"審査委員", "局長"})
    assert label.terms.embargo == date(2027, 3, 31)
    assert (
        chosen(world, "複製要許可", "複製禁止").restrictions
        == chosen(world, "複製禁止").restrictions
    )


def test_of_two_dates_the_later_holds(world: World) -> None:
    days = ("2027年3月31日まで公表禁止", "2027年1月31日まで公表禁止")
    assert chosen(world, *days).terms.embargo == date(2027, 3, 31)
    assert chosen(world, *days[::-1]).terms.embargo == date(2027, 3, 31)


@pytest.mark.parametrize("name", ["複写禁止", "機密性3情報", "", "なんでも"])
def test_a_restriction_that_policy_does_not_know(world: World, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        chosen(world, name)
    assert caught.value.code == "label.unknown-restriction"


@pytest.mark.parametrize("name", ["", "  ", "局\n長", "\udcff"])
def test_an_audience_that_cannot_be_written(world: World, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        chosen(world, audience=(name,))
    assert caught.value.code == "label.audience-invalid"
    str(caught.value).encode()


def test_a_document_carries_label_mark_and_seal(world: World) -> None:
    path = world.word()
    before = path.stat().st_mode
    row = decide(world, path, i=2, restrictions=("印刷禁止",), reason="第5条第2号")
    assert (code(row), row.out) == ("", (str(path),))
    with opened(world.ctx, path, QUICK) as facts:
        assert facts.seal == "sealed"
        assert ["機密性2情報" in one.text for one in facts.inspection.marks if one.own] == [True]
        seal = stored_label.decode_seal(facts.inspection.properties[stored_label.SEAL_KEY])
    assert seal is not None
    assert (seal.by, seal.at) == ("山田太郎", NOW.isoformat(timespec="seconds"))
    [body] = world.records("classify")
    assert (body["marked"], body["reason"]) == (True, "第5条第2号")
    assert body["document"] == seal.document
    record = world.store.documents.get(seal.document)
    assert record is not None
    assert (record.path, record.decided_by) == (str(path), "山田太郎")
    assert path.stat().st_mode == before
    assert sorted(world.folder.iterdir()) == sorted([path, world.out])


def test_without_a_mark_the_record_says_so(world: World) -> None:
    path = world.word()
    decide(world, path, mark=False)
    with opened(world.ctx, path, QUICK) as facts:
        assert facts.inspection.marks == ()
    assert world.records("classify")[0]["marked"] is False


def test_a_file_of_another_kind_gets_a_signed_sidecar(world: World) -> None:
    path = world.text()
    row = decide(world, path)
    assert row.out == (str(path), str(sidecar_of(path)))
    assert "label.in-sidecar" in row.notes
    assert path.read_text(encoding="utf-8") == "会議のメモ"
    assert json.loads(sidecar_of(path).read_bytes())
    with opened(world.locked(), path, QUICK) as facts:
        assert (facts.seal, facts.label) == ("sealed", label_in(world, path))
    path.write_text("書き換えた", encoding="utf-8")
    with opened(world.ctx, path, QUICK) as facts:
        assert facts.seal == "content-changed"


def test_what_cannot_be_rewritten_gets_its_label_beside_it(world: World) -> None:
    path = encrypted(world)
    before = path.read_bytes()
    assert code(decide(world, path)) == "document.encrypted"
    row = decide(world, path, mark=False)
    assert code(row) == ""
    assert path.read_bytes() == before
    assert row.out == (str(path), str(sidecar_of(path)))
    assert int(label_in(world, path).confidentiality) == 2


def test_a_labelled_copy_leaves_the_original_alone(world: World) -> None:
    path, memo = world.word(), world.text()
    before = path.read_bytes()
    row = decide(world, path, out=str(world.out))
    assert row.out == (str(world.out / "案.docx"),)
    assert path.read_bytes() == before
    assert int(label_in(world, world.out / "案.docx").confidentiality) == 2
    row = decide(world, memo, out=str(world.out))
    assert [Path(out).name for out in row.out] == ["メモ.txt", "メモ.txt.metilabel.json"]
    assert decide(world, world.text("メモ.txt"), c=3, out=str(world.out)).notes[-2:] == (
        "label.c3-without-reason",
        "copy.original-remains",
    )


def test_a_second_file_of_c3_needs_approval(world: World) -> None:
    path = world.word()
    decide(world, path, c=3, reason="審査前")
    out = str(world.out)
    assert code(decide(world, path, c=3, out=out)) == "copy.needs-approval"
    for done in (
        scrub(world.ctx, ScrubRequest(paths=(str(path),), out=out)),
        protect(world.ctx, ProtectRequest(paths=(str(path),), out=out)),
    ):
        assert code(done.files[0]) == "copy.needs-approval"
        assert done.events == ()
    assert [*world.out.iterdir()] == []


def test_what_must_not_be_copied_is_not_copied_by_another_command(world: World) -> None:
    path = world.word()
    decide(world, path, restrictions=("複製禁止",))
    out = str(world.out)
    for row in (
        decide(world, path, restrictions=("複製禁止",), out=out),
        scrub(world.ctx, ScrubRequest(paths=(str(path),), out=out)).files[0],
        protect(world.ctx, ProtectRequest(paths=(str(path),), out=out)).files[0],
    ):
        assert code(row) == "restriction.forbids"
    assert [*world.out.iterdir()] == []


@pytest.mark.parametrize(
    ("c", "expected"), [(1, "label.c3-mark-on-lower"), (2, "label.c3-mark-on-lower"), (3, "")]
)
def test_a_mark_of_c3_stands_on_c3_only(world: World, c: int, expected: str) -> None:
    path = world.word(header="機密性3情報")
    row = decide(world, path, c=c, reason="必要")
    assert code(row) == expected
    if row.error is not None:
        assert row.error.params["place"] == "header"
        assert row.error.articles == ("5-2",)


def test_a_mention_in_running_text_is_no_mark(world: World) -> None:
    assert (
        code(decide(world, world.word(text="機密性3情報の取扱いを説明する文書である。"), c=1)) == ""
    )
    assert code(decide(world, world.text("機密性3情報.txt"), c=1)) == "label.c3-mark-on-lower"


def test_special_secrets_leave_no_trace(world: World) -> None:
    path = world.word("秘密の件名.docx", header="特定秘密")
    before = path.read_bytes()
    row = decide(world, path, c=3, reason="必要")
    assert code(row) == "label.special-secret"
    done = scrub(world.ctx, ScrubRequest(paths=(str(path),), out=str(world.out)))
    assert code(done.files[0]) == "label.special-secret"
    [told] = suggest(world.ctx, (str(path),))
    assert told.error is not None
    assert told.error.code == "label.special-secret"
    assert path.read_bytes() == before
    assert "秘密の件名" not in world.store.everything()
    assert [*world.out.iterdir()] == []


def test_sources_are_inherited_and_never_fallen_short_of(world: World) -> None:
    source = world.word("元.docx", "元の文書")
    decide(world, source, restrictions=("印刷禁止",), audience=("審査委員", "局長"))
    path = world.word()
    low = decide(world, path, c=1, sources=(str(source),))
    assert low.error is not None
    assert low.error.code == "label.below-sources"
    assert low.error.params == {"chosen": 1, "needed": 2}
    assert code(decide(world, path, sources=(str(source),), audience=("局長", "課長"))) == ""
    label = label_in(world, path)
    assert {one.name for one in label.restrictions} == {"印刷禁止"}
    assert label.audience == frozenset({"局長"})
    assert world.records("classify")[-1]["sources"] == [world.records("classify")[0]["document"]]
    other = world.word("別.docx", "別の文書")
    row = decide(world, other, sources=(str(source),), audience=("課長",))
    assert code(row) == "label.audience-empty"
    assert "印刷禁止" in preview_mark(
        world.ctx, ClassifyRequest(paths=(), c=2, sources=(str(source),))
    )


def test_policy_may_widen_what_is_inherited(world: World) -> None:
    source = world.word("元.docx", "元の文書")
    decide(world, source, restrictions=("書換禁止", "2030年3月31日まで保存"))
    narrow, wide = world.word("狭.docx", "狭い"), world.word("広.docx", "広い")
    decide(world, narrow, sources=(str(source),))
    assert label_in(world, narrow).restrictions == frozenset()
    assert label_in(world, narrow).terms.keep_until is None
    world.rules(widen_inheritance=True)
    decide(world, wide, sources=(str(source),))
    assert {one.name for one in label_in(world, wide).restrictions} == {"書換禁止"}
    assert label_in(world, wide).terms.keep_until == date(2030, 3, 31)


def test_a_source_that_cannot_be_read_stops_the_request(world: World) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        decide(world, world.word(), sources=(str(world.folder / "ない.docx"),))
    assert caught.value.code == "file.missing"
    assert world.records() == []


def test_another_ones_label_is_not_changed_without_asking(world: World) -> None:
    path = world.word()
    decide(world, path)
    world.another()
    for c in (1, 3):
        row = decide(world, path, c=c, reason="必要")
        assert row.error is not None
        assert row.error.code == "label.decided-by-other"
        assert row.error.params["decider"] == "山田太郎"
        assert row.error.articles == ("7-1",)
    assert code(decide(world, path)) == ""
    world.another("山田太郎")


def test_ones_own_label_may_be_decided_again(world: World) -> None:
    path = world.word()
    decide(world, path)
    assert code(decide(world, path, c=1)) == ""
    assert int(label_in(world, path).confidentiality) == 1


def test_what_was_modified_is_decided_anew(world: World) -> None:
    path = world.word()
    decide(world, path)
    world.another()
    made = docx.Document(str(path))
    made.add_paragraph("加筆した。")
    made.save(str(path))
    assert code(decide(world, path, c=3, reason="加筆のため")) == ""


def test_a_label_of_an_unknown_decider_is_somebody_elses(world: World, tmp_path: Path) -> None:
    (tmp_path / "別の端末").mkdir()
    elsewhere = World(tmp_path / "別の端末")
    path = elsewhere.word()
    decide(elsewhere, path)
    mine = Path(shutil.copy(path, world.folder / "受領.docx"))
    row = decide(world, mine, c=1)
    assert row.error is not None
    assert (row.error.code, row.error.params) == ("label.decided-by-other", {"decider": "?"})


def test_c3_without_a_reason_is_reminded(world: World) -> None:
    assert "label.c3-without-reason" in decide(world, world.word(), c=3).notes
    assert "label.c3-without-reason" not in decide(world, world.text(), c=3, reason="必要").notes


def test_a_bad_file_is_a_row_and_stops_no_other(world: World) -> None:
    bad, good = world.text("壊.docx", "PK\x03\x04 壊れている"), world.word()
    missing = world.folder / "ない.docx"
    request = ClassifyRequest(paths=(str(bad), str(missing), str(good)), c=2)
    done = classify(world.ctx, request)
    assert [row.path for row in done.files] == [str(bad), str(missing), str(good)]
    assert [bool(row.error) for row in done.files] == [True, True, False]
    assert len(done.events) == 1


def test_a_locked_store_decides_nothing(world: World) -> None:
    path = world.word()
    before = path.read_bytes()
    with pytest.raises(MetiDeskError) as caught:
        classify(world.locked(), ClassifyRequest(paths=(str(path),), c=2))
    assert caught.value.code == "store.locked"
    assert path.read_bytes() == before


def test_a_reason_with_broken_bytes_is_refused_in_its_row(world: World) -> None:
    path = world.word()
    before = path.read_bytes()
    assert code(decide(world, path, reason="理由\udcff")) == "request.invalid"
    assert path.read_bytes() == before
    assert world.records() == []
    assert world.store.journal.rows == {}
