"""相談 and 周知: what comes before and after a changed label (Arts. 7-1, 7-2)."""

import email
import hashlib
from dataclasses import replace
from email.policy import default
from pathlib import Path
from typing import Any

import docx
import pytest

from meti_desk.domain import events
from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.domain.label import Undecided
from meti_desk.services.classify import classify
from meti_desk.services.messages import ClassifyRequest, Done
from tests.unit.services.fakes import ME, OTHER, World


def decide(world: World, path: Path, c: int = 2, **more: Any) -> str:
    [row] = classify(
        world.ctx, ClassifyRequest(paths=(str(path),), c=c, reason="必要", **more)
    ).files
    return row.error.code if row.error else ""


def ask(world: World, path: Path, c: int = 3, reason: str = "審査の内容を含むため") -> Done:
    request = ClassifyRequest(paths=(str(path),), c=c, out=str(world.out))
    return world.desk().consult(str(path), reason, request)


def told_in(path: str) -> str:
    """Read a letter as text: its paragraphs and the cells of its tables."""
    made = docx.Document(path)
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in made.paragraphs] + cells)


def mail(path: str) -> Any:
    return email.message_from_bytes(Path(path).read_bytes(), policy=default)


def others(world: World, name: str = "案.docx", c: int = 2) -> Path:
    """Make a document whose label somebody else decided."""
    path = world.word(name)
    world.another()
    assert decide(world, path, c) == ""
    world.another(ME.name)
    return path


def test_a_consultation_names_document_labels_decider_and_reason(world: World) -> None:
    path = others(world)
    done = ask(world, path)
    for text in (told_in(done.letter), mail(done.mail).get_body().get_content()):
        for word in (
            "案.docx",
            "機密性2情報",
            "機密性3情報",
            OTHER,
            "審査の内容を含むため",
            ME.name,
        ):
            assert word in text
    assert mail(done.mail)["X-Unsent"] == "1"
    assert [part.get_filename() for part in mail(done.mail).iter_attachments()] == [
        Path(done.letter).name
    ]
    [body] = world.records(events.CONSULT)
    assert (body["decider"], body["proposed"]["c"], body["label"]["c"]) == (OTHER, 3, 2)
    assert done.events == (world.store.ledger.held[-1].id,)


def test_a_consultation_changes_nothing_about_the_document(world: World) -> None:
    path = others(world)
    before = path.read_bytes()
    ask(world, path)
    assert path.read_bytes() == before
    assert decide(world, path, 3) == "label.decided-by-other"


def refused(world: World, path: Path, **more: Any) -> str:
    with pytest.raises(MetiDeskError) as caught:
        ask(world, path, **more)
    assert list(world.out.iterdir()) == []
    assert world.records(events.CONSULT) == []
    return caught.value.code


def test_who_decides_alone_needs_no_consultation(world: World) -> None:
    path = world.word()
    assert refused(world, path) == "consult.not-needed"
    decide(world, path)
    assert refused(world, path) == "consult.not-needed"


def test_after_a_modification_the_label_is_decided_anew(world: World) -> None:
    path = others(world)
    made = docx.Document(str(path))
    made.add_paragraph("追記")
    made.save(str(path))
    assert refused(world, path) == "consult.not-needed"


def test_a_consultation_asks_for_something_and_says_why(world: World) -> None:
    path = others(world)
    assert refused(world, path, reason="  ") == "consult.reason-missing"
    assert refused(world, path, c=2) == "consult.same-label"


def test_a_special_secret_is_not_written_about(world: World) -> None:
    path = world.word("資料.docx", header="特定秘密")
    assert refused(world, path) == "label.special-secret"


# ---- 周知


def given(world: World, path: Path, *to: str) -> None:
    """Record that a document was given to these."""
    record = world.store.documents.by_hash(_hash(path))
    assert record is not None
    body = events.handle_body(
        action="provide", document=record.id, title=record.title,
        label=Undecided(),
        measures=(), recipients=to,
    )  # fmt: skip
    world.store.ledger.append(events.HANDLE, body, world.clock.now())


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_everyone_who_holds_it_or_made_from_it_is_told(world: World) -> None:
    source = world.word("元.docx", "元の内容")
    decide(world, source)
    child, grandchild = world.word("子.docx", "子の内容"), world.word("孫.docx", "孫の内容")
    decide(world, child, sources=(str(source),))
    world.another()
    decide(world, grandchild, sources=(str(child),))
    world.another(ME.name)
    given(world, source, "iin@example.com", "naka@meti.go.jp")
    given(world, grandchild, "iin@example.com", "他課の担当者")
    document = world.store.documents.by_hash(_hash(source))
    assert document is not None
    done = world.desk().descendants_notice(document.id, str(world.out / "周知"))
    [row] = done.files
    assert row.notes == ("notice.descendants:2", "notice.recipients:3")
    listing = told_in(done.letter)
    for word in ("iin@example.com", "naka@meti.go.jp", "他課の担当者", "子.docx", "孫.docx", OTHER):
        assert word in listing
    bodies = {Path(path).name: mail(path).get_body().get_content() for path in row.out}
    assert len(bodies) == 4
    outside = next(text for name, text in bodies.items() if "iin@example.com" in name)
    assert "元.docx" in outside
    assert "孫.docx" in outside
    for hidden in ("naka@meti.go.jp", "他課の担当者", "子.docx", OTHER):
        assert hidden not in outside
    holder = next(text for name, text in bodies.items() if OTHER in name)
    assert "元.docx" in holder
    assert "孫.docx" in holder
    assert "見直し" in holder
    [body] = world.records(events.NOTICE)
    assert sorted(body["recipients"]) == sorted(
        ["iin@example.com", "naka@meti.go.jp", "他課の担当者", OTHER]
    )
    assert len(body["descendants"]) == 2


def test_a_document_that_nobody_holds_asks_for_no_notice(world: World) -> None:
    path = world.word()
    decide(world, path)
    done = world.desk().descendants_notice(str(path), str(world.out / "周知"))
    assert done.files[0].notes == ("notice.nobody",)
    assert done.letter == done.mail == ""
    assert not (world.out / "周知").exists()
    assert world.records(events.NOTICE) == []


def test_a_document_of_which_nothing_is_known(world: World) -> None:
    for name in ("no-such-id", str(world.word())):
        with pytest.raises(InvalidInput) as caught:
            world.desk().descendants_notice(name, str(world.out))
        assert caught.value.code == "document.unknown"


def test_cycles_in_the_lineage_end(world: World) -> None:
    one, two = world.word("甲.docx", "甲"), world.word("乙.docx", "乙")
    decide(world, one)
    decide(world, two, sources=(str(one),))
    first, second = (world.store.documents.by_hash(_hash(path)) for path in (one, two))
    assert first is not None
    assert second is not None
    world.store.documents.put(replace(first, sources=(second.id,)))
    done = world.desk().descendants_notice(first.id, str(world.out))
    assert done.files[0].notes == ("notice.descendants:1",)


def test_names_of_recipients_become_names_of_files(world: World) -> None:
    path = world.word()
    decide(world, path)
    given(world, path, "../a/b@example.com", "あ" * 200)
    done = world.desk().descendants_notice(str(path), str(world.out))
    assert all(Path(out).parent == world.out for out in done.files[0].out)
    assert len(done.files[0].out) == 2
