"""The command line of redaction (墨消し): words from a file, areas, what was found and done."""

import re
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path

from meti_desk.cli.commands import each_row, show_done
from meti_desk.cli.output import Output, worst
from meti_desk.cli.usage import WrongUsage
from meti_desk.domain.errors import InvalidInput
from meti_desk.services.desk import Desk
from meti_desk.services.redaction_messages import (
    RedactionArea,
    RedactionPlace,
    RedactionPreview,
    RedactRequest,
)

_MOST_BYTES = 1 << 20
_NUMBER = r"(\d+(?:\.\d+)?)"
_AREA = re.compile(rf"(\d+):{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}")


def redact(desk: Desk, arguments: Namespace, output: Output) -> int:
    """Make places black in copies, or only tell which (`--preview`)."""
    if not arguments.out and not arguments.preview:
        raise WrongUsage("usage.missing", what="--out", command="meti-desk redact")
    request = RedactRequest(
        paths=tuple(arguments.files),
        out=arguments.out or "",
        words=(*arguments.word, *_words_of(arguments.words_file)),
        areas=tuple(map(_area, arguments.area)),
        detectors=tuple(one for one in arguments.detect.split(",") if one),
        purpose=arguments.purpose,
        revisions=arguments.revisions,
    )
    if arguments.preview:
        rows = desk.redaction_preview(request)
        output.answer({"files": rows}, each_row(rows, output, _previewed))
        return worst([one.error for one in rows])
    return show_done(desk.redact(request), output)


def _words_of(name: str | None) -> list[str]:
    """Read words, one in a line, from a file or from standard input for `-`.

    Raises `InvalidInput("redact.words-file")` for what is no text or too long.
    """
    if not name:
        return []
    if name == "-":
        data = sys.stdin.buffer.read(_MOST_BYTES + 1)
    else:
        with Path(name).open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise InvalidInput("redact.words-file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("redact.words-file") from None
    return [line.strip() for line in text.splitlines() if line.strip()]


def _area(text: str) -> RedactionArea:
    found = _AREA.fullmatch(text.strip())
    if found is None:
        raise WrongUsage("usage.value", what="--area", value=text, command="meti-desk redact")
    page, *numbers = found.groups()
    x, y, width, height = map(float, numbers)
    return RedactionArea(int(page), x, y, width, height)


def _previewed(row: RedactionPreview, output: Output) -> Iterator[str]:
    yield from place_lines(row.places, output)
    for note in row.notes:
        code, _, number = note.partition(":")
        yield f"  ※ {output.words.term(f'note.{code}')} {number}".rstrip()


def place_lines(places: Iterable[RedactionPlace], output: Output) -> Iterator[str]:
    """Write what is made black, a line for each place."""
    words = output.words
    for one in places:
        reason = words.term(f"redact.{one.reason}")
        shown = f" {one.text}" if one.text else ""
        yield f"  ■ [{words.place(one.place)}] {reason}{shown} ×{one.count}"
