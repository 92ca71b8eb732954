"""Carrying plans out: what is made, what is refused, what is recorded, where no secret stays."""

import email
import email.policy
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import msgspec
import pytest

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.domain.policy import Exemption
from meti_desk.domain.selfcheck import EvidenceSpec
from meti_desk.formats.jobs import OpenOrder, OpenReport
from meti_desk.services import giving, letters
from meti_desk.services.classify import classify
from meti_desk.services.handle import handle
from meti_desk.services.home import home
from meti_desk.services.messages import ClassifyRequest, Done, HandleRequest, PlanRequest
from meti_desk.services.selfcheck_evidence import COLLECTORS, collect
from tests.unit.services.fakes import World

TO = "iin@example.com"
NOTED = "鈴木課長, 2026年11月20日, 口頭"
PASSWORD = "ひみつ-kokoro-4711-Zebra"
DAY = date(2026, 4, 1)


def do(world: World, action: str, *paths: Path, **more: Any) -> Done:
    """Carry an act out; what belongs to the plan is given by its field names."""
    own = {key: more.pop(key) for key in ("method", "password", "keep") if key in more}
    plan = PlanRequest(action=action, paths=tuple(map(str, paths)), **more)  # type: ignore[arg-type]
    return handle(world.ctx, HandleRequest(plan=plan, out=str(world.out), **own))


def labelled(world: World, path: Path, c: int = 2, **more: Any) -> Path:
    done = classify(world.ctx, ClassifyRequest(paths=(str(path),), c=c, reason="必要", **more))
    assert done.files[0].error is None
    return path


def code(done: Done, row: int = 0) -> str:
    error = done.files[row].error
    return error.code if error else ""


def figures(world: World, collector: str) -> dict[str, int]:
    """Count the evidence that the record gives for one question."""
    spec = EvidenceSpec(collector=collector)
    found = collect(spec, world.store.ledger.held, year=2026)
    return {one.code.partition(".")[2]: one.number for one in found.figures}


def test_a_copy_inside_keeps_label_and_mark_and_gets_an_identity(world: World) -> None:
    path = labelled(world, world.word())
    done = do(world, "copy", path, area=1)
    assert code(done) == ""
    [out] = done.files[0].out
    body = world.records("handle")[-1]
    assert body["acts"] == ["copy"]
    assert body["permit"] == {"kind": "", "note": "", "id": ""}
    made = next(r for r in world.store.documents.rows.values() if r.path == out)
    assert made.sources == (body["document"],)
    assert made.label == "C2;I1;A1"
    assert (done.letter, done.mail, done.password_slip, done.password) == ("", "", "", "")


def test_what_is_given_outside_goes_with_its_papers(world: World) -> None:
    first = labelled(world, world.word())
    second = labelled(world, world.word("二.docx", "別の本文"))
    done = do(world, "provide", first, second, to=(TO,), permit_noted=NOTED)
    assert [code(done, 0), code(done, 1)] == ["", ""]
    made = {path.name for path in world.out.iterdir()}
    assert made == {"案.docx", "二.docx", giving.LETTER_NAME, giving.SLIP_NAME, giving.MAIL_NAME}
    assert all(row.method == "office" for row in done.files)
    assert {one.kind for one in done.files[0].removed} >= {"docx.property", "docx.document-id"}
    body = world.records("handle")[-1]
    assert set(body["acts"]) == {"provide", "transfer"}
    assert body["permit"]["kind"] == "noted"
    assert home(world.ctx).unconfirmed_permits == 2
    entries = {one["id"]: one for one in body["measures"]}
    assert entries["password"]["state"] == "done"
    proposal = next(p for p in world.policy.proposals if p.measure == "password")
    assert entries["password"]["reason"] == proposal.reason != ""
    declined = [one for one in entries.values() if one["state"] == "declined"]
    assert declined
    assert all(one["reason"] for one in declined)


def test_the_password_stands_in_its_slip_alone(world: World) -> None:
    path = labelled(world, world.word())
    done = do(world, "provide", path, to=(TO,), permit_noted=NOTED, password=PASSWORD)
    assert code(done) == ""
    assert PASSWORD not in world.store.everything()
    slip = "\n".join(p.text for p in docx.Document(done.password_slip).paragraphs)
    assert PASSWORD in slip
    for paper in (done.letter, done.mail):
        raw = Path(paper).read_bytes()
        assert PASSWORD.encode() not in raw
    with zipfile.ZipFile(done.letter) as package:
        assert all(PASSWORD.encode() not in package.read(name) for name in package.namelist())
    mail = email.message_from_bytes(Path(done.mail).read_bytes(), policy=email.policy.default)
    body = mail.get_body()
    assert body is not None
    assert PASSWORD not in body.get_content()
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names == ["案.docx", giving.LETTER_NAME]
    with Path(done.files[0].out[0]).open("rb") as file, world.files.scratch(world.out) as target:
        opened = world.workers.run(
            "open", OpenOrder(password=PASSWORD), {"source": file, "target": target}, OpenReport
        )
    assert opened.method == "office"


def test_a_password_that_is_a_plain_guess_is_refused(world: World) -> None:
    path = labelled(world, world.word())
    with pytest.raises(Exception, match=r"password\.too-weak"):
        do(world, "provide", path, to=(TO,), permit_noted=NOTED, password="password1")
    assert [*world.out.iterdir()] == []


@pytest.mark.parametrize("action", ["print", "dispose"])
def test_acts_with_a_flow_of_their_own_are_refused(world: World, action: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        do(world, action, world.word())
    assert caught.value.code == "handle.elsewhere"


@pytest.mark.parametrize("to", ["a@b.jp\nBcc: x@y.jp", "  ", "a\udcff@b.jp", "a\u202e@b.jp"])
def test_a_recipient_that_cannot_be_written_is_refused(world: World, to: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        do(world, "provide", world.word(), to=(to,))
    assert caught.value.code == "recipient.invalid"


def test_without_a_permission_nothing_is_made(world: World) -> None:
    path = labelled(world, world.word())
    assert code(do(world, "provide", path, to=(TO,))) == "permission.missing"
    assert code(do(world, "transfer", path, area=0)) == "permission.missing"
    assert code(do(world, "publish", path)) == "publish.not-c1"
    assert code(do(world, "copy", world.word("無.docx", "未決定の本文"))) == "label.undecided"
    assert [*world.out.iterdir()] == []
    assert world.records("handle") == []


def test_one_file_that_is_refused_stops_no_other(world: World) -> None:
    good, bad = labelled(world, world.word()), world.word("未決定.docx", "まだ決めていない")
    done = do(world, "copy", bad, good, area=1)
    assert [code(done, 0), code(done, 1)] == ["label.undecided", ""]
    assert len(done.events) == 1


def test_a_measure_that_nothing_here_does_stops_the_act(world: World) -> None:
    path = labelled(world, world.word(), i=2)
    decisions = {"signature": "no:公印がある", "backup": "yes"}
    given = {"to": (TO,), "permit_noted": NOTED}
    done = do(world, "provide", path, decisions=decisions, **given)
    assert code(done) == "measure.not-available"
    assert [*world.out.iterdir()] == []


def test_a_decision_of_no_is_recorded_with_its_reason(world: World) -> None:
    path = labelled(world, world.word())
    no = {"password": "no:専用線のため", "encryption": "no:専用線のため"}
    done = do(world, "provide", path, to=(TO,), permit_noted=NOTED, decisions=no)
    assert (code(done), done.files[0].method, done.password_slip) == ("", "", "")
    entries = {one["id"]: one for one in world.records("handle")[-1]["measures"]}
    assert entries["password"] == {
        "id": "password", "state": "declined", "reason": "専用線のため"
    }  # fmt: skip
    for wrong in ({"password": "no"}, {"password": "perhaps"}, {"pasword": "yes"}):
        with pytest.raises(InvalidInput):
            do(world, "provide", path, to=(TO,), permit_noted=NOTED, decisions=wrong)


def test_publishing_leaves_no_trace_of_ours(world: World) -> None:
    path = labelled(world, world.word(), c=1)
    done = do(world, "publish", path)
    assert code(done) == ""
    with zipfile.ZipFile(done.files[0].out[0]) as package:
        raw = b"".join(package.read(name) for name in package.namelist())
    assert b"jp.go.meti" not in raw
    assert "機密性".encode() not in raw
    assert "前田一郎".encode() not in raw


@pytest.mark.parametrize(
    ("action", "more", "acts"),
    [
        ("distribute", {"to": ("kato@meti.go.jp",), "area": 1}, {"distribute"}),
        ("distribute", {"to": (TO,), "area": 1}, {"distribute", "provide"}),
        ("distribute", {"to": ("kato@meti.go.jp",), "area": 0}, {"distribute", "transfer"}),
        (
            "copy",
            {"area": 0, "decisions": {"safety-measures": "yes"}},
            {"copy", "transfer", "take-out"},
        ),
        ("transfer", {"to": ("kato@meti.go.jp",), "area": 0}, {"transfer"}),
    ],
)
@pytest.mark.parametrize("c", [1, 2])
def test_an_act_is_recorded_by_the_facts(
    world: World, action: str, more: dict[str, Any], acts: set[str], c: int
) -> None:
    path = labelled(world, world.word(), c=c)
    done = do(world, action, path, permit_noted=NOTED, **more)
    assert code(done) == ""
    assert set(world.records("handle")[-1]["acts"]) == acts


def test_the_evidence_counts_what_was_carried_out(world: World) -> None:
    path = labelled(world, world.word())
    do(world, "provide", path, to=(TO,), permit_noted=NOTED, contractor=True)
    do(world, "distribute", path, to=("kato@meti.go.jp",), area=1)
    kept = {"safety-measures": "yes"}
    assert code(do(world, "copy", path, area=0, permit_noted=NOTED, decisions=kept)) == ""
    do(world, "publish", labelled(world, world.word("公表.docx", "公表する文書"), c=1))
    assert figures(world, "permitted") == {"total": 2, "noted": 2}
    assert figures(world, "offsite-permitted") == {"total": 1, "noted": 1}
    assert figures(world, "recipient-measures") == {"total": 1, "with-letter": 1}
    assert figures(world, "provided-scrubbed") == {"total": 1, "scrubbed": 1}
    assert figures(world, "contractor-minimum") == {"total": 1, "agreed": 1}
    assert figures(world, "distribution-needed") == {"total": 1, "named": 1}
    assert figures(world, "password-considered")["total"] == 2
    assert "not-considered" not in figures(world, "password-considered")
    assert "not-considered" not in figures(world, "encryption-considered")
    assert figures(world, "split-considered")["total"] == 2
    assert figures(world, "published-c1") == {"total": 1, "confirmed": 1}
    assert figures(world, "published-scrubbed") == {"total": 1, "scrubbed": 1}
    assert figures(world, "copies-inherit") == {"total": 1, "decided": 1}
    assert {"permitted", "split-considered"} <= COLLECTORS.keys()


def test_a_third_copy_of_c3_is_approved_and_counts_as_unconfirmed(world: World) -> None:
    path = labelled(world, world.word(), c=3)
    assert code(do(world, "copy", path, area=1)) == "permission.missing"
    assert code(do(world, "copy", path, area=1, permit_noted=NOTED)) == ""
    assert world.records("handle")[-1]["permit"]["kind"] == "noted"
    assert home(world.ctx).unconfirmed_permits == 1
    assert figures(world, "c3-copies-approved") == {"total": 1, "approved": 1}


def test_an_exemption_is_recorded_with_its_ruling(world: World) -> None:
    ruling = Exemption(
        article="13", reference="情セキ第5号", ruled_by="情報セキュリティ責任者", ruled_on=DAY,
        scope="both", confidentiality=(2,),
    )  # fmt: skip
    world.rules(exemptions=(ruling,))
    path = labelled(world, world.word())
    assert code(do(world, "provide", path, to=(TO,))) == ""
    permit = world.records("handle")[-1]["permit"]
    assert permit == {"kind": "exempt", "note": "情セキ第5号", "id": ""}
    assert figures(world, "permitted") == {"total": 1, "exempt": 1}


def test_marks_in_names_and_subject_follow_policy(world: World) -> None:
    world.rules(marks=replace(world.policy.marks, in_filename=True, in_subject=True))
    path = labelled(world, world.word("【機密性2情報】案.docx"))
    done = do(world, "provide", path, to=(TO,), permit_noted=NOTED)
    assert Path(done.files[0].out[0]).name == "【機密性2情報】案.docx"
    mail = email.message_from_bytes(Path(done.mail).read_bytes(), policy=email.policy.default)
    assert mail["Subject"].startswith("【機密性2情報】")
    done = do(world, "copy", labelled(world, world.word("二.docx", "別")), area=1)
    assert Path(done.files[0].out[0]).name == "【機密性2情報】二.docx"


def test_papers_that_fail_lose_neither_files_nor_password(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = labelled(world, world.word())

    def full(*_: Any, **__: Any) -> bytes:
        raise EnvironmentProblem("disk.full")

    monkeypatch.setattr(letters, "handling_letter", full)
    done = do(world, "provide", path, to=(TO,), permit_noted=NOTED)
    assert code(done) == "disk.full"
    assert len(done.files[0].out) == len(done.events) == 1
    assert Path(done.password_slip).is_file()
    assert done.password
    monkeypatch.setattr(letters, "password_slip", full)
    again = do(world, "provide", path, to=(TO,), permit_noted=NOTED)
    assert (code(again), again.password_slip) == ("disk.full", "")
    assert again.password


def test_a_label_that_hides_odd_characters_still_gets_its_letter(world: World) -> None:
    path = labelled(world, world.word("改\x0b行\u202e.docx"), audience=("審査委員",))
    named = {"restriction:audience": "yes"}
    done = do(world, "provide", path, to=(TO,), permit_noted=NOTED, decisions=named)
    assert code(done) == ""
    letter = docx.Document(done.letter)
    assert letter.tables[0].rows[1].cells[0].text == "改_行_.docx"
    assert "審査委員限り" in letter.tables[0].rows[1].cells[2].text


def test_storing_labels_in_place_and_records_by_the_facts(world: World) -> None:
    path = world.word()
    label = ClassifyRequest(paths=(str(path),), c=2)
    plan = PlanRequest(action="store", paths=(str(path),), label=label, area=1)
    done = handle(world.ctx, HandleRequest(plan=plan, out=""))
    assert code(done) == ""
    assert [e.kind for e in world.store.ledger.held] == ["classify", "handle"]
    body = world.records("handle")[-1]
    assert body["acts"] == ["store"]
    assert body["document"] in world.store.documents.rows
    assert sorted(world.folder.iterdir()) == sorted([path, world.out])
    path.chmod(0o644)
    far = msgspec.structs.replace(
        plan, area=0, label=None, permit_noted=NOTED, decisions={"safety-measures": "yes"}
    )
    done = handle(world.ctx, HandleRequest(plan=far, out=""))
    assert code(done) == ""
    assert "access.open-to-everyone" in done.files[0].notes
    body = world.records("handle")[-1]
    assert set(body["acts"]) == {"store", "transfer", "take-out"}
    assert body["permit"]["kind"] == "noted"
