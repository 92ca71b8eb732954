"""Serves with one process or several: each opens the database and the key for itself."""

import gc
import logging
import sys
from pathlib import Path
from socket import socket
from typing import Any

import msgspec
from starlette.applications import Starlette

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.server import keys, logs, settings
from meti_desk.server.storage import Database, Place
from meti_desk.server.syncing import Server
from meti_desk.server.workers import run_workers

_SWITCH = 0.0005
"""Seconds after which a busy thread makes room for the one that writes, instead of 5 ms."""

_GARBAGE = 20_000
"""Objects after which what nobody holds is looked for: a round of requests makes a few thousand."""


class Start(msgspec.Struct, frozen=True):
    """What a process has to know to serve: folder of the key, place of the database, logs."""

    folder: Path
    place: Place
    log_level: str


def build(start: Start) -> Starlette:
    """Open everything and build the application, in the process that serves."""
    from meti_desk.server.web import application

    sys.setswitchinterval(_SWITCH)
    gc.freeze()  # what is loaded stays, and is not looked through again and again
    gc.set_threshold(_GARBAGE)
    found = settings.load(start.folder)
    logs.begin(start.log_level)
    # What it would say of lost connections is told as a fault of the request, in our own form.
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)
    server = Server(Database(start.place), keys.load(start.folder))
    return application(server, settings=found)


def serve(start: Start, *, workers: int, **options: Any) -> None:
    """Serve until a signal ends it; `options` are uvicorn's.

    Raises `EnvironmentProblem`: what opening raises, and `server.workers`: SQLite has one writer,
    so that several processes would only wait for each other.
    """
    import uvicorn

    if workers == 1:
        uvicorn.run(build(start), **options)
        return
    if isinstance(start.place, Path):
        raise EnvironmentProblem("server.workers")
    keys.load(start.folder)
    settings.load(start.folder)
    Database(start.place).close()  # whatever is wrong is told once, not by each process
    listening = uvicorn.Config(build, **options).bind_socket()
    run_workers(workers, _work, start, listening, options)


def _work(start: Start, listening: socket, options: dict[str, Any]) -> None:
    import uvicorn

    uvicorn.Server(uvicorn.Config(build(start), **options)).run([listening])
