"""A file written by hand is refused with the line and the reason."""

from datetime import date

import msgspec
import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.standard.schema_file import load_toml, refuse
from meti_desk.standard.toml_lines import line_of

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title"],
    "properties": {
        "title": {"type": "string"},
        "due": {"type": "string"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id"],
                "properties": {"id": {"type": "string", "pattern": "^[a-z]+$"}, "n": {}},
            },
        },
    },
}


class Item(msgspec.Struct):
    id: str
    n: int = 0


class Form(msgspec.Struct):
    title: str
    due: date | None = None
    items: tuple[Item, ...] = ()


def load(text: str) -> Form:
    return load_toml(text, schema=SCHEMA, kind=Form, code="form.invalid")


def test_a_good_file_becomes_the_asked_type() -> None:
    form = load('title = "点検"\ndue = 2026-11-30\n[[items]]\nid = "a"\nn = 2\n')
    assert form == Form("点検", date(2026, 11, 30), (Item("a", 2),))


@pytest.mark.parametrize(
    ("text", "line", "path", "reason"),
    [
        ('title = "a"\nb = = 1\n', 2, "", "syntax"),
        ("title = " + "[" * 20_000, 1, "", "syntax"),
        ('title = "a"\n\nextra = 1\n', 3, "extra", "unknown-key"),
        ('due = "x"\n', 1, "title", "missing-key"),
        ("title = 3\n", 1, "title", "wrong-type"),
        (
            'title = "a"\n[[items]]\nid = "a"\n[[items]]\n\nid = "A1"\n',
            6,
            "items[1].id",
            "not-allowed",
        ),
        ('title = "a"\n[[items]]\nid = "a"\n[[items]]\nn = 1\n', 4, "items[1].id", "missing-key"),
        ('title = "a"\n[[items]]\nid = "a"\nn = "x"\n', 4, "items[0].n", "not-allowed"),
        ('title = """\ndue = 1\n"""\ndue = 3\n', 4, "due", "wrong-type"),
        ('title = "a"\ndue = "2026-99-01"\n', 2, "due", "not-allowed"),
    ],
)
def test_each_mistake_has_its_line(text: str, line: int, path: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load(text)
    assert caught.value.code == "form.invalid"
    assert caught.value.params == {"line": line, "path": path, "reason": reason}


def test_lines_inside_arrays_and_strings_are_not_taken_for_keys() -> None:
    text = (
        "a = [\n  'b = 1', # [c]\n]\n'd.e' = '''\nb = 2\n'''\nb.c = 3\n[f.\"g h\"]\ni = { j = 1 }\n"
    )
    assert line_of(text, ["a", 0]) == 1
    assert line_of(text, ["d.e"]) == 4
    assert line_of(text, ["b"]) == 7
    assert line_of(text, ["b", "c"]) == 7
    assert line_of(text, ["f", "g h", "i", "j"]) == 9
    assert line_of(text, ["nowhere"]) == 1


def test_refuse_tells_a_place_found_by_a_later_check() -> None:
    error = refuse("policy.invalid", "[[a]]\nb = 1\n[[a]]\nb = 2\n", ["a", 1, "b"], "repeated")
    assert error.params == {"line": 4, "path": "a[1].b", "reason": "repeated"}
