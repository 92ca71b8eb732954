"""Passphrases and passwords on the command line: from files, standard input or a prompt only."""

import os
import sys
from pathlib import Path

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput


def from_file(name: str) -> str:
    """Read a secret from the first line of a file, or of standard input for `-`.

    A byte order mark, as editors of Windows write it, is no part of the secret. An empty secret is
    refused: whoever names a file means what stands in it, and not that one is made up. Raises
    `InvalidInput`: `secret.empty`, `secret.not-text`; `EnvironmentProblem`: `secret.missing`,
    `secret.unreadable`.
    """
    try:
        if name == "-":
            line = sys.stdin.buffer.readline()
        else:
            with Path(name).open("rb") as file:
                line = file.readline()
        secret = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise InvalidInput("secret.not-text") from None
    except FileNotFoundError:
        raise EnvironmentProblem("secret.missing") from None
    except OSError:
        raise EnvironmentProblem("secret.unreadable") from None
    if not secret:
        raise InvalidInput("secret.empty")
    return secret


def given(name: str | None) -> str:
    """Read a password where a file was named; empty where none was."""
    return from_file(name) if name else ""


def prompt(text: str, *, otherwise: str = "store.locked") -> str:
    """Ask without showing; without a terminal nothing can be asked (`otherwise` is the code)."""
    if not sys.stdin.isatty():
        raise EnvironmentProblem(otherwise)
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


def write(name: str, secret: str) -> None:
    """Write a secret into a new file that only its owner may read (`secret.file-exists`)."""
    try:
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise EnvironmentProblem("secret.file-exists") from None
    except OSError:
        raise EnvironmentProblem("secret.unwritable") from None
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
        file.write(secret + "\n")


def show(password: str) -> None:
    """Show a generated password once, on a terminal only: never in a pipe, log or file."""
    if password and sys.stderr.isatty():
        print(f"パスワード: {password}", file=sys.stderr)
