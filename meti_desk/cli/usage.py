"""What is wrong with a command line, in the words of the person instead of argparse's."""

import argparse
import re
from typing import Any, NoReturn

from meti_desk.domain.errors import MetiDeskError

_KINDS = (
    (r"the following arguments are required: (?P<what>.+)", "usage.missing"),
    (
        r"argument (?P<what>.+?): invalid choice: (?P<value>.+?) \(choose from (?P<choices>.+)\)",
        "usage.choice",
    ),
    (r"argument (?P<what>.+?): invalid \S+ value: (?P<value>.+)", "usage.value"),
    (r"argument (?P<what>.+?): expected .*arguments?", "usage.no-value"),
    (r"unrecognized arguments: (?P<what>.+)", "usage.unknown"),
)
"""How argparse says it, and the code that we say it with."""


_OPTIONS = frozenset({
    "decision.invalid", "decision.needs-reason", "decision.unknown", "handle.elsewhere",
    "handle.no-folder", "handle.no-recipient", "label.audience-invalid", "label.level",
    "label.unknown-restriction", "permit.noted-incomplete", "recipient.invalid",
    "redact.area-invalid", "redact.nothing-asked", "redact.too-many-words",
    "redact.unknown-detector", "redact.words-file", "request.invalid",
})  # fmt: skip
"""What services refuse as a value, and what on the command line is a value of an option."""


class WrongUsage(MetiDeskError):  # noqa: N818 - says whose fault it is
    """The command line was not understood or lacks something (exit 2)."""

    exit_code = 2


_PLAIN = argparse.HelpFormatter("", width=80)
"""Formats nothing that anybody sees: it only tells whether an option can be described."""


class Parser(argparse.ArgumentParser):
    """A parser that raises `WrongUsage` where argparse would print and exit."""

    _adding = False

    def add_argument(self, *names: Any, **kinds: Any) -> argparse.Action:
        """Add an option; argparse would measure the terminal for each, and load `shutil`."""
        self._adding = True
        try:
            return super().add_argument(*names, **kinds)
        finally:
            self._adding = False

    def _get_formatter(self) -> argparse.HelpFormatter:
        return _PLAIN if self._adding else super()._get_formatter()

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong as `command.missing` or one of the codes `usage.…`."""
        if message == "the following arguments are required: COMMAND":
            raise WrongUsage("command.missing")
        for pattern, code in _KINDS:
            found = re.fullmatch(pattern, message, re.DOTALL)
            if found is not None:
                raise WrongUsage(code, command=self.prog, **found.groupdict())
        raise WrongUsage("usage.invalid", command=self.prog, detail=message)


def some_text(text: str) -> str:
    """Take a value that must not be empty: an empty name of a folder is a slip of a script."""
    if not text.strip():
        raise ValueError
    return text


def as_usage(error: MetiDeskError) -> MetiDeskError:
    """Tell errors of options from errors of files: exit 2, not 5."""
    if error.code not in _OPTIONS:
        return error
    return WrongUsage(error.code, articles=error.articles, **error.params)
