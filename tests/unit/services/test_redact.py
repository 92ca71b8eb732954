"""Redaction as a use case: what is asked, what is refused, and that the record holds no word."""

import json
from pathlib import Path

import docx
import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.services.classify import classify
from meti_desk.services.messages import ClassifyRequest
from meti_desk.services.redact import MOST_WORDS, order_of, preview, redact
from meti_desk.services.redaction_messages import RedactionArea, RedactRequest
from tests.unit.services.fakes import World


def letter(world: World, name: str = "案.docx", text: str = "部長の鈴木花子が述べた。") -> Path:
    made = docx.Document()
    made.add_paragraph(text)
    path = world.out.parent / name
    made.save(str(path))
    return path


def asked(world: World, *paths: Path, **more: object) -> RedactRequest:
    return RedactRequest(paths=tuple(map(str, paths)), out=str(world.out), **more)  # type: ignore[arg-type]


def test_a_copy_is_made_and_the_original_stays(world: World) -> None:
    path = letter(world)
    before = path.read_bytes()
    done = redact(world.ctx, asked(world, path, words=("鈴木花子",)))
    row = done.files[0]
    assert row.error is None
    assert path.read_bytes() == before
    assert docx.Document(row.out[0]).paragraphs[0].text == "部長の████が述べた。"
    assert [(one.place, one.reason, one.count) for one in row.places] == [("body", "word", 1)]


def test_the_record_tells_places_and_never_the_words(world: World) -> None:
    path = letter(world, text="鈴木花子 電話 03-3501-1511 鈴木花子")
    done = redact(world.ctx, asked(world, path, words=("鈴木花子",), detectors=("phone",)))
    event = world.store.ledger.held[-1]
    assert (event.id, event.kind) == (done.events[0], "redact")
    told = json.dumps(event.data(), ensure_ascii=False)
    assert "鈴木" not in told
    assert "3501" not in told
    assert event.data()["places"] == [
        {"place": "body", "reason": "phone", "count": 1},
        {"place": "body", "reason": "word", "count": 2},
    ]


def test_a_name_that_tells_the_word_is_changed(world: World) -> None:
    path = letter(world, "鈴木 花子の件.docx")
    row = redact(world.ctx, asked(world, path, words=("鈴木花子",))).files[0]
    assert Path(row.out[0]).name == "墨消し.docx"
    assert "redact.renamed" in row.notes


def test_one_bad_file_stops_no_other(world: World) -> None:
    good, none = letter(world), letter(world, "別.docx", "何もない")
    text = world.out.parent / "a.txt"
    text.write_text("鈴木花子", encoding="utf-8")
    done = redact(world.ctx, asked(world, good, none, text, words=("鈴木花子",)))
    codes = [one.error.code if one.error else "" for one in done.files]
    assert codes == ["", "redact.nothing-found", "redact.unsupported-format"]
    assert len(done.events) == 1
    assert [one.name for one in world.out.iterdir()] == ["案.docx"]


def test_a_document_that_may_not_be_copied_is_refused(world: World) -> None:
    path = letter(world)
    labelled = ClassifyRequest(paths=(str(path),), c=3, reason="必要")
    assert classify(world.ctx, labelled).files[0].error is None
    row = redact(world.ctx, asked(world, path, words=("鈴木花子",))).files[0]
    assert row.error is not None
    assert row.error.code == "copy.needs-approval"


def test_a_preview_writes_nothing(world: World) -> None:
    path = letter(world)
    row = preview(world.ctx, asked(world, path, words=("鈴木花子",)))[0]
    assert row.format == "docx"
    assert [(one.text, one.count) for one in row.places] == [("鈴木花子", 1)]
    assert not world.out.exists() or not list(world.out.iterdir())
    assert world.store.ledger.held == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "redact.nothing-asked"),
        ({"words": (" ", "\u3000")}, "redact.nothing-asked"),
        ({"detectors": ("unknown",)}, "redact.unknown-detector"),
        ({"detectors": ("word.unknown",)}, "redact.unknown-detector"),
        ({"areas": (RedactionArea(0, 1, 1, 1, 1),)}, "redact.area-invalid"),
        ({"areas": (RedactionArea(1, 1, 1, 0, 1),)}, "redact.area-invalid"),
        ({"words": tuple(map(str, range(MOST_WORDS + 1)))}, "redact.too-many-words"),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, more: dict[str, object], code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        order_of(world.ctx, asked(world, **more))
    assert refused.value.code == code


def test_lists_of_the_policy_can_be_named(world: World) -> None:
    one = world.ctx.policy.clue_words[0]
    order = order_of(world.ctx, asked(world, detectors=(f"word.{one.id}", "all")))
    assert order.detectors == ("all",)
    assert order.lists[0].words == one.words


def test_no_word_in_what_a_trace_back_shows(world: World) -> None:
    request = asked(world, words=("鈴木花子",))
    assert "鈴木" not in repr(request)
    assert "鈴木" not in repr(order_of(world.ctx, request))
