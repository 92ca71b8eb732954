"""Parses, unlocks, carries out one command and ends with its exit code."""

import os
from argparse import Namespace
from collections.abc import Callable, Sequence
from itertools import pairwise, takewhile

import msgspec

from meti_desk.cli import commands, secrets
from meti_desk.cli.output import Output
from meti_desk.cli.parser import parse
from meti_desk.cli.usage import WrongUsage, as_usage
from meti_desk.domain.errors import EnvironmentProblem, MetiDeskError
from meti_desk.services.batch import of_os_error
from meti_desk.services.desk import Desk

OVER_FOLDERS = frozenset({"inspect", "suggest"})
"""Commands for which a folder stands for all that lies in it; `classify` walks them itself."""

DeskMaker = Callable[[str | None], Desk]
"""Makes the desk for a store folder; `None` means the platform's own."""

WITHOUT_STORE = frozenset({"inspect", "suggest", "plan", "doctor", "init", "shell", "verify"})
"""Commands that work while locked; those that gain from the store open it when they may."""

UNLOCKS_ITSELF = frozenset({"init", "store"})
"""Commands that make the store or look after its key."""


def no_entries(_part: str) -> tuple[()]:
    """Know no file manager."""
    return ()


def run(
    argv: Sequence[str], make_desk: DeskMaker, shell: commands.ShellEntries = no_entries
) -> int:
    """Carry out one command and give its exit code; nothing but the answer on standard output.

    `shell` does what `meti-desk shell` asks for; it is handed in like the desk, because command
    line and right-click entries stand on one storey and do not know each other.
    """
    try:
        arguments = parse(argv)
    except WrongUsage as error:
        return _misunderstood(argv).failed(error)
    output = Output(as_json=arguments.json, language=arguments.lang or "ja")
    try:
        if arguments.command == "shell":
            return commands.shell(shell, arguments, output)
        return _on_desk(make_desk, arguments, output)
    except (
        MetiDeskError, OSError, UnicodeError, msgspec.ValidationError, KeyboardInterrupt
    ) as error:  # fmt: skip
        return output.failed(_ours(error))


def _misunderstood(argv: Sequence[str]) -> Output:
    """Answer a command line that was not understood in the way that it asks for all the same."""
    options = [*takewhile(lambda word: word != "--", argv)]
    english = "--lang=en" in options or ("--lang", "en") in pairwise(options)
    return Output(as_json="--json" in options, language="en" if english else "ja")


def _ours(error: BaseException) -> MetiDeskError:
    """Give the error that tells it with a code."""
    if isinstance(error, MetiDeskError):
        return as_usage(error)
    if isinstance(error, OSError):
        return of_os_error(error)
    if isinstance(error, msgspec.ValidationError | UnicodeError):
        # Words with bytes that are no text come from the command line alone.
        return WrongUsage("request.invalid")
    return EnvironmentProblem("batch.cancelled")


def _on_desk(make_desk: DeskMaker, arguments: Namespace, output: Output) -> int:
    desk = make_desk(arguments.store)
    if "files" in arguments:
        folders = arguments.command in OVER_FOLDERS
        arguments.files = (
            list(desk.files_in(arguments.files)) if folders else _once(arguments.files)
        )
    try:
        desk.expect(arguments.files if "files" in arguments else ())
        _unlock(desk, arguments)
        return commands.command_of(arguments.command)(desk, arguments, output)
    finally:
        desk.close()


def _once(files: Sequence[str]) -> list[str]:
    """Leave out files that were named before: done twice at once, they get in their own way."""
    first: dict[str, str] = {}
    for name in files:
        first.setdefault(os.path.realpath(name), name)
    return list(first.values())


def _unlock(desk: Desk, arguments: Namespace) -> None:
    if arguments.command in UNLOCKS_ITSELF:
        return
    if arguments.passphrase_file:
        desk.unlock(secrets.from_file(arguments.passphrase_file))
        return
    if arguments.command in WITHOUT_STORE:
        return
    if desk.state() == "new":
        raise EnvironmentProblem("store.missing")
    if desk.declared_inside() and desk.has_keyring():
        desk.unlock(inside=True)
        return
    desk.unlock(secrets.prompt("パスフレーズ: "))
