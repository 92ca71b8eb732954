"""The mail of people: posted in the transaction of what it tells, taken up by each device."""

import secrets
from collections.abc import Iterable, Sequence

import msgspec

from meti_desk.server.keys import ServerKey
from meti_desk.server.storage import Database
from meti_desk.sync.mail import MAIL, Mail
from meti_desk.sync.wire import Download, download_message

MOST_AT_ONCE = 200
_MOST_BYTES = 512 << 10
_MOST_AHEAD = 1 << 62
"""A cursor beyond this, and beyond all that was posted, is none that a server ever gave."""
_QUARTER = 8
"""The time is counted in quarters of a second: milliseconds, shifted by so many bits."""
_ERA = 1 << 34
"""Numbers of one era: the quarter seconds of 139 years. Whatever puts mail back begins another."""
_MOST_ERAS = 1 << 18
"""How many eras are passed over at most, so that two that begin apart are hardly ever the same."""
_NOW = f"mailed / {_ERA} * {_ERA} + ?"
_NUMBER = (
    f"UPDATE people SET mailed = CASE WHEN mailed < {_NOW} THEN {_NOW} ELSE mailed + 1 END"  # noqa: S608 - constants of this module
    " WHERE id = ? AND active = 1 RETURNING mailed"
)


def post(
    database: Database, people: Iterable[str], kind: str, identity: str, body: bytes, at: int
) -> None:
    """Put the newest state of a thing into people's mail; inside a transaction of the caller.

    The revision of a thing in somebody's mail is its number there: it only grows, and is the time
    (quarters of a second, within the era) where that is ahead. So a database that was put back, by
    whatever means, gives no number again that a device holds already. The row of the person is
    locked by its update until the end of the transaction, so that numbers appear in order to every
    reader.
    """
    for person in sorted(set(people)):
        now = at >> _QUARTER
        rows = database.run(_NUMBER, (now, now, person))
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
    """Give the signed mail behind a cursor, in order, and whether there is more than that.

    A cursor ahead of everything was given by this server before it was restored from a backup: the
    person's mail gets numbers of an era of its own behind it, for another device of the same person
    may hold numbers still further ahead. One that no server gave counts for nothing.
    """
    last = _posted(database, person)
    if cursor > max(last, _MOST_AHEAD):
        cursor = 0
    if cursor > last:
        database.together(lambda: _renumber(database, person, _later(cursor)))
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


def renumber(database: Database) -> None:
    """Give all mail new numbers, for a server that was restored; inside a transaction.

    Every device gets all of its mail once more, as it stands now: what it holds may be newer than
    the backup, and be true no more. The clock may have gone back meanwhile, so that the time alone
    would not lead behind what was given since the backup.
    """
    for (person,) in database.run("SELECT id FROM people WHERE mailed > 0 ORDER BY id"):
        _renumber(database, person, _later(_posted(database, person)))
    # Who had no mail in the backup may have got some since.
    database.run("UPDATE people SET mailed = ? WHERE mailed = 0", (_later(0),))


def _later(number: int) -> int:
    """Give the beginning of an era behind a number, which nobody began before, as good as surely.

    What began after the backup is not known any more, so that counting on would meet it.
    """
    return (number // _ERA + 1 + secrets.randbelow(_MOST_ERAS)) * _ERA


def _posted(database: Database, person: str) -> int:
    rows = database.run("SELECT mailed FROM people WHERE id = ?", (person,))
    return int(rows[0][0]) if rows else 0


def _renumber(database: Database, person: str, behind: int) -> None:
    """Give a person's mail numbers from behind a place, in the same order."""
    rows = database.run(
        "UPDATE people SET mailed = ? WHERE id = ? AND mailed < ? RETURNING 1",
        (behind, person, behind),
    )
    if not rows:
        return  # another process was faster
    held = database.run("SELECT kind, id FROM mail WHERE person = ? ORDER BY n", (person,))
    for number, (kind, identity) in enumerate(held, behind + 1):
        database.run(
            "UPDATE mail SET n = ?, revision = ? WHERE person = ? AND kind = ? AND id = ?",
            (number, number, person, kind, identity),
        )
    database.run("UPDATE people SET mailed = ? WHERE id = ?", (behind + len(held), person))


def signed(key: ServerKey, topic: str, version: int, body: bytes) -> Download:
    """Sign a download."""
    signature = key.sign(download_message(topic, version, body))
    return Download(topic=topic, version=version, body=body, signature=signature)
