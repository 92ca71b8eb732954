"""The mail of people: posted in the transaction of what it tells, taken up by each device."""

from collections.abc import Iterable, Sequence

import msgspec

from meti_desk.server.keys import ServerKey
from meti_desk.server.storage import Database
from meti_desk.sync.mail import MAIL, Mail
from meti_desk.sync.wire import Download, download_message

MOST_AT_ONCE = 200
_MOST_BYTES = 512 << 10


def post(
    database: Database, people: Iterable[str], kind: str, identity: str, body: bytes, at: int
) -> None:
    """Put the newest state of a thing into people's mail; inside a transaction of the caller.

    The revision of a thing in somebody's mail is its number there: it only grows. The row of the
    person is locked by its update until the end of the transaction, so that numbers appear in order
    to every reader.
    """
    for person in sorted(set(people)):
        rows = database.run(
            "UPDATE people SET mailed = mailed + 1 WHERE id = ? AND active = 1 RETURNING mailed",
            (person,),
        )
        if not rows:
            continue  # left, or never was
        ((number,),) = rows
        database.run(
            "INSERT INTO mail (person, kind, id, n, revision, body, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (person, kind, id) DO UPDATE SET"
            " n = excluded.n, revision = excluded.revision, body = excluded.body, at = excluded.at",
            (person, kind, identity, number, number, body, at),
        )


def waiting(
    database: Database, key: ServerKey, person: str, cursor: int
) -> tuple[Sequence[Download], bool]:
    """Give the signed mail behind a cursor, in order, and whether there is more than that."""
    rows = database.run(
        "SELECT n, kind, id, revision, body FROM mail WHERE person = ? AND n > ?"
        " ORDER BY n LIMIT ?",
        (person, cursor, MOST_AT_ONCE + 1),
    )
    given: list[Download] = []
    size = 0
    for number, kind, identity, revision, body in rows[:MOST_AT_ONCE]:
        size += len(body)
        if given and size > _MOST_BYTES:
            break
        piece = Mail(person=person, kind=kind, id=identity, revision=revision, body=body)
        given.append(signed(key, MAIL, number, msgspec.msgpack.encode(piece)))
    return given, len(given) < len(rows)


def signed(key: ServerKey, topic: str, version: int, body: bytes) -> Download:
    """Sign a download."""
    signature = key.sign(download_message(topic, version, body))
    return Download(topic=topic, version=version, body=body, signature=signature)
