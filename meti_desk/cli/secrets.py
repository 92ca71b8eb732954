"""Passphrases and passwords on the command line: from files, standard input or a prompt only."""

import sys
from pathlib import Path

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput


def from_file(name: str) -> str:
    """Read a secret from the first line of a file, or of standard input for `-`."""
    if name == "-":
        return sys.stdin.readline().rstrip("\r\n")
    try:
        with Path(name).open(encoding="utf-8") as file:
            return file.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise InvalidInput("secret.not-text") from None
    except FileNotFoundError:
        raise InvalidInput("secret.missing") from None


def given(name: str | None) -> str:
    """Read a password where a file was named; empty where none was."""
    return from_file(name) if name else ""


def prompt(text: str) -> str:
    """Ask without showing; without a terminal nothing can be asked (`store.locked`)."""
    if not sys.stdin.isatty():
        raise EnvironmentProblem("store.locked")
    from getpass import getpass

    return getpass(text)


def new_passphrase(name: str | None) -> str:
    """Read or ask a new passphrase; at the prompt it is asked twice."""
    if name:
        return from_file(name)
    first = prompt("新しいパスフレーズ: ")
    if prompt("もう一度: ") != first:
        raise InvalidInput("secret.not-the-same")
    return first


def show(password: str) -> None:
    """Show a generated password once, on a terminal only: never in a pipe, log or file."""
    if password and sys.stderr.isatty():
        print(f"パスワード: {password}", file=sys.stderr)
