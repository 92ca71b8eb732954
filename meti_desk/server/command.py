"""What a command of the server's command line is, and how it opens the server.

Each area of commands is a module with `COMMANDS`; `commands.AREAS` lists the modules.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.server import keys, storage
from meti_desk.server.storage import Place
from meti_desk.server.syncing import Server

DATABASE_VARIABLE = "METI_DESK_DATABASE"
_LOGIN = Path("/proc/self/loginuid")
"""Linux keeps here who logged in, whatever they became since."""
_NOBODY = 2**32 - 1


class Command(msgspec.Struct, frozen=True):
    """A command: its name, its sentence, its arguments, and what it does.

    `work` gives a struct or dictionary to print (as JSON with `--json`), or nothing. `code` gives
    the exit code of an answer; without it an answer means 0.
    """

    name: str
    text: str
    work: Callable[[argparse.Namespace], Any]
    arguments: Callable[[argparse.ArgumentParser], object] = lambda _parser: None
    code: Callable[[Any], int] = lambda _answer: 0


def folder_of(arguments: argparse.Namespace) -> Path:
    """Give the server's folder: the one named, or the platform's."""
    if arguments.data:
        return Path(arguments.data)
    import platformdirs

    return Path(platformdirs.user_data_dir("meti-desk-server", appauthor=False))


def place_of(arguments: argparse.Namespace) -> Place:
    """Give where the database is: a URL that was told, or else the server's folder.

    The URL stands in a file (`--database-file`), in the environment (METI_DESK_DATABASE) or on the
    command line (`--database`); there it may hold no password, which everybody on the machine
    would see (`server.password-shown`).
    """
    url = str(arguments.database)
    if url and _shows_password(url):
        raise InvalidInput("server.password-shown")
    if not url and arguments.database_file:
        url = Path(arguments.database_file).read_text("utf-8").strip()
    url = url or os.environ.get(DATABASE_VARIABLE, "")
    return url or folder_of(arguments)


def _shows_password(url: str) -> bool:
    parts = urlsplit(url)
    return "password" in parse_qs(parts.query) or ":" in parts.netloc.rpartition("@")[0]


def now() -> int:
    """Give the time in milliseconds since 1970."""
    return int(time.time() * 1000)


def ran_by() -> str:
    """Name the operating-system user who runs a command, as entries of the chain have it (`by`).

    `os:USER`, or `os:LOGIN/USER` where somebody logged in as another one (`sudo`). Asked of the
    system, not of the environment, in which anybody may write any name.
    """
    try:
        import pwd
    except ImportError:  # Windows
        return f"os:{os.getlogin()}"

    def name(uid: int) -> str:
        try:
            return pwd.getpwuid(uid).pw_name
        except KeyError:
            return str(uid)

    user = name(os.getuid())
    try:
        login = int(_LOGIN.read_text("ascii"))
    except (OSError, ValueError):
        login = _NOBODY
    who = user if login == _NOBODY else name(login)
    return f"os:{user}" if who == user else f"os:{who}/{user}"


def open_server(arguments: argparse.Namespace) -> Server:
    """Open the key and the database that the arguments name (`server.missing`)."""
    key = keys.load(folder_of(arguments))
    return Server(storage.Database(place_of(arguments)), key)


@contextmanager
def opened(arguments: argparse.Namespace) -> Iterator[Server]:
    """Open the server for one command, and close it."""
    server = open_server(arguments)
    server.database.ran_by = ran_by()
    try:
        yield server
    finally:
        server.database.close()
