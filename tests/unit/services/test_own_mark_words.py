"""An office whose policy has words of its own for its marks finds them in documents (Art. 5)."""

from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest

from meti_desk.services.inspect import inspect
from meti_desk.services.suggest import suggest
from tests.formats.pdf.build import text, with_content
from tests.unit.services.fakes import World

WORDS = ("一般", "限定取扱情報", "厳格取扱情報")


def _with_words(world: World) -> None:
    marks = replace(world.ctx.policy.marks, confidentiality=WORDS)
    world.ctx.policy = replace(world.ctx.policy, marks=marks)


def _word(path: Path) -> None:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "厳格 取扱情報"
    made.add_paragraph("本文")
    made.save(str(path))


def _book(path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.oddHeader.right.text = "厳格取扱情報"
    made.save(str(path))


def _mail(path: Path) -> None:
    path.write_text("Subject: 厳格取扱情報\nFrom: a@meti.go.jp\n\n本文\n", encoding="utf-8")


@pytest.mark.parametrize(("name", "make"), [("a.docx", _word), ("a.xlsx", _book), ("a.eml", _mail)])
def test_words_of_the_policy_are_marks_in_every_family(world: World, name: str, make: type) -> None:
    path = world.folder / name
    make(path)
    assert not inspect(world.ctx, [str(path)])[0].marks
    _with_words(world)
    assert [one.text.replace(" ", "") for one in inspect(world.ctx, [str(path)])[0].marks] == [
        "厳格取扱情報"
    ]
    [row] = suggest(world.ctx, [str(path)])
    assert ("c", "3", "mark") in {(one.part, one.value, one.source) for one in row.evidence}


def test_words_of_the_policy_in_a_pdf_are_no_marks_in_running_text(world: World) -> None:
    path = world.folder / "a.pdf"
    path.write_bytes(with_content(text("TOPCLASS", y=780) + text("TOPCLASS " * 30, y=700)))
    world.ctx.policy = replace(
        world.ctx.policy,
        marks=replace(world.ctx.policy.marks, confidentiality=("LOW", "MIDCLASS", "TOPCLASS")),
    )
    assert [one.text for one in inspect(world.ctx, [str(path)])[0].marks] == ["TOPCLASS"]
