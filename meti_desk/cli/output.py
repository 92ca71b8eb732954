"""What the command line prints: one JSON object, or lines for people; errors on standard error."""

import io
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any, Literal, TextIO

import msgspec

from meti_desk.domain.errors import MetiDeskError
from meti_desk.services.messages import ErrorView, LabelView
from meti_desk.services.views import error_view

if TYPE_CHECKING:
    from meti_desk.wording import Wording


_CONTROLS = dict.fromkeys(
    (*range(9), *range(10, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A),
     *range(0xD800, 0xE000)),
    "\N{REPLACEMENT CHARACTER}",
)  # fmt: skip
"""All control characters but the tab, marks that turn the direction of writing, broken bytes."""


class Output:
    """Prints the answer of one command."""

    def __init__(self, *, as_json: bool, language: Literal["ja", "en"]) -> None:
        self.as_json = as_json
        # JSON is UTF-8 wherever it goes; lines lose no more than what the terminal cannot show.
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8" if as_json else None, errors="backslashreplace")
        self._language = language

    @property
    def words(self) -> "Wording":
        """The sentences, read when the first one is needed."""
        from meti_desk.wording import wording

        return wording(self._language)

    def answer(self, shape: object, lines: Iterable[str]) -> None:
        """Print the answer: `shape` as JSON, or `lines` for people.

        What was asked for is done by now: a reader who has seen enough (`| head`) is no error.
        """
        try:
            if self.as_json:
                sys.stdout.write(msgspec.json.encode(self._told(shape)).decode() + "\n")
            else:
                for line in lines:
                    print(_one_line(line))
            sys.stdout.flush()
        except BrokenPipeError:
            _to_nowhere(sys.stdout)

    def failed(self, error: MetiDeskError) -> int:
        """Tell an error of the whole command and give its exit code."""
        view = error_view(error)
        if self.as_json:
            self.answer({"error": msgspec.to_builtins(view)}, ())
        else:
            print(_one_line(f"meti-desk: {self.error(view)}"), file=sys.stderr)
        return error.exit_code

    def error(self, view: ErrorView) -> str:
        """Write the sentences of an error."""
        return self.words.error(view.code, view.params, view.articles).text()

    def label(self, label: LabelView | None) -> str:
        """Write a label in one line."""
        if label is None or (label.c is None and not label.decided):
            return self.words.term("label.undecided")
        levels = f"C{label.c}" + (f" I{label.i} A{label.a}" if label.decided else "+")
        extra = " ".join((*label.restrictions, *(f"{name}限り" for name in label.audience)))
        tail = "" if label.decided else f"（{self.words.term('label.undecided')}）"
        return f"{levels} {extra}".rstrip() + tail

    def _told(self, shape: object) -> Any:
        """Turn structures into plain values and give every error its sentence."""
        plain = asdict(shape) if is_dataclass(shape) and not isinstance(shape, type) else shape
        return self._with_messages(msgspec.to_builtins(plain))

    def _with_messages(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            told = {key: self._with_messages(one) for key, one in value.items()}
            error = told.get("error")
            if isinstance(error, dict) and "code" in error:
                error["message"] = self.words.error(
                    error["code"], error.get("params", {}), error.get("articles", ())
                ).text()
            return told
        if isinstance(value, list | tuple):
            return [self._with_messages(one) for one in value]
        # A name may hold bytes that are no text.
        return value.encode(errors="replace").decode() if isinstance(value, str) else value


def _one_line(text: str) -> str:
    """Keep a line one line: a name may hold control characters that would draw over the others."""
    return text.translate(_CONTROLS)


def _to_nowhere(stream: TextIO) -> None:
    """Let what is still held for a stream that nobody reads vanish, also at the very end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def worst(errors: Sequence[ErrorView | None]) -> int:
    """Give the exit code of a command over several files: the worst of its rows."""
    return max((error.exit for error in errors if error is not None), default=0)
