"""The command reference names every command, option and choice of the real parser, and no other."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from meti_desk.cli.parser import build
from meti_desk.services import messages, selfcheck_views

DOCS = Path(__file__).parents[3] / "docs"
BOTH = pytest.mark.parametrize("name", ["cli.md", "cli.en.md"])
SHARED = {"--json", "--store", "--passphrase-file", "--lang", "--help", "--version"}


def commands(
    parser: argparse.ArgumentParser, words: tuple[str, ...] = ()
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Give every command that can be typed, with its own parser."""
    parts = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not parts:
        yield " ".join(words), parser
    for part in parts:
        for word, inner in part.choices.items():
            yield from commands(inner, (*words, word))


def sections(name: str) -> dict[str, str]:
    """Split a reference into what it says of each command."""
    text = (DOCS / name).read_text(encoding="utf-8")
    found = re.split(r"^### `meti-desk ([a-z0-9 -]+)`\n", text, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def spelled(parser: argparse.ArgumentParser) -> set[str]:
    return {option for action in parser._actions for option in action.option_strings}


@BOTH
def test_exactly_the_commands_that_exist_are_described(name: str) -> None:
    assert set(sections(name)) == {command for command, _ in commands(build())}


@BOTH
def test_every_option_and_choice_is_described_with_its_command(name: str) -> None:
    told = sections(name)
    for command, parser in commands(build()):
        text = told[command].split("\n## ")[0]
        for action in parser._actions:
            for option in set(action.option_strings) - SHARED - {"-h"}:
                assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", text), (
                    command,
                    option,
                )
            if action.choices and action.option_strings and not set(action.option_strings) & SHARED:
                whole = (DOCS / name).read_text(encoding="utf-8")
                assert all(str(choice) in whole for choice in action.choices)


@BOTH
def test_no_option_is_described_that_does_not_exist(name: str) -> None:
    for command, parser in commands(build()):
        text = sections(name)[command].split("\n## ")[0]
        spoken = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) - SHARED
        assert spoken <= spelled(parser), command


@BOTH
def test_what_every_command_takes_is_described(name: str) -> None:
    head = (DOCS / name).read_text(encoding="utf-8").split("\n### ")[0]
    assert all(option in head for option in SHARED)


@BOTH
@pytest.mark.parametrize(
    ("command", "shape"),
    [
        ("inspect", messages.InspectedFile),
        ("suggest", messages.SuggestedFile),
        ("plan", messages.PlannedMeasure),
        ("ledger list", messages.LedgerRow),
        ("selfcheck list", selfcheck_views.FormRow),
        ("selfcheck answer", selfcheck_views.Answered),
        ("selfcheck submit", selfcheck_views.SubmissionView),
    ],
)
def test_the_shapes_have_all_their_fields(
    name: str, command: str, shape: type[msgspec.Struct]
) -> None:
    text = sections(name)[command]
    for field in msgspec.structs.fields(shape):
        assert f'"{field.encode_name}"' in text, field.encode_name
