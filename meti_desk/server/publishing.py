"""What the centre publishes: checked as the clients check it, numbered, kept, given to devices.

A number (`version` of a download) only grows, also over a restored backup: it is the time of
publication in milliseconds, or one more than the one before. Devices that took a number take no
older one, so nobody can bring back a policy that was replaced.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.server import mail
from meti_desk.server.keys import ServerKey
from meti_desk.server.storage import Database
from meti_desk.sync.snapshots import CRYPTO, FORM, POLICY, Snapshot, pack, topic_of, unpack
from meti_desk.sync.wire import Download

_ROOM = 512 << 10
"""Bytes of snapshots in an answer; one that is larger goes alone."""
_FIRST = (POLICY, CRYPTO)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_NUMBERS = re.compile(r"(\d{1,18})")


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A published version: `version` as its text says, `number` as devices count, `at` in ms.

    `new` is false where the same content was published before.
    """

    topic: str
    version: str
    number: int
    sha256: str
    at: int
    name: str = ""
    new: bool = True


def publish_policy(database: Database, text: str, at: int) -> Published:
    """Publish 取扱方針.

    Raises `InvalidInput`: `policy.invalid` (line, path, reason), `publish.not-newer`,
    `published.too-large`.
    """
    from meti_desk.standard.policy_file import parse_policy

    policy = parse_policy(text)
    return _publish(database, POLICY, Snapshot(kind="policy", label=policy.version, text=text), at)


def publish_form(database: Database, text: str, procedure: str, name: str, at: int) -> Published:
    """Publish a 自己点検票 with its 実施手順 (Arts. 91-2, 92-2); `name` is its short name.

    Raises `InvalidInput`: `form.invalid`, `procedure.invalid`, `publish.name`,
    `publish.not-newer`, `published.topic`, `published.too-large`.
    """
    from meti_desk.standard.selfcheck_file import load_form, load_procedure

    form = load_form(text)
    load_procedure(procedure, form)
    if not _NAME.fullmatch(name):
        raise InvalidInput("publish.name", name=name[:40])
    snapshot = Snapshot(kind="form", label=form.version, text=text, name=name, procedure=procedure)
    return _publish(database, topic_of("form", form.url), snapshot, at)


def publish_notice(database: Database, text: str, at: int) -> Published:
    """Publish a notice of 危殆化 (Arts. 28-2(2), 30-2).

    Raises `InvalidInput`: `crypto.notice-damaged`, `crypto.unknown-algorithm`,
    `publish.not-newer`.
    """
    from meti_desk.protection.cryptrec import Table
    from meti_desk.services.emergency_marks import read_notice

    notice = read_notice(text.encode())
    Table.load().mark_compromised([one.id for one in notice.marks], since="2000-01-01")
    snapshot = Snapshot(kind="crypto", label=str(notice.serial), text=text)
    return _publish(database, CRYPTO, snapshot, at)


def _publish(database: Database, topic: str, snapshot: Snapshot, at: int) -> Published:
    body = pack(snapshot)

    def write() -> Published:
        last = current(database, topic)
        if last is not None and last.sha256 == snapshot.digest:
            return msgspec.structs.replace(last, new=False)
        if last is not None and not newer(snapshot.label, last.version):
            raise InvalidInput("publish.not-newer", version=snapshot.label[:40], last=last.version)
        number = at if last is None else max(at, last.number + 1)
        database.run(
            "INSERT INTO snapshots (topic, version, body, at) VALUES (?, ?, ?, ?)",
            (topic, number, body, at),
        )
        told = {"what": "published", "topic": topic, "version": number, "hash": snapshot.digest}
        database.record(at, told)
        return _told(topic, number, at, snapshot)

    return database.together(write)


def newer(version: str, last: str) -> bool:
    """Tell whether a version comes after another: `2026.10` is behind `2026.9`."""
    return _order(version) > _order(last)


def _order(version: str) -> list[tuple[int, int, str]]:
    parts = (one for one in _NUMBERS.split(version) if one)
    return [(1, int(one), "") if one.isascii() and one.isdigit() else (0, 0, one) for one in parts]


def current(database: Database, topic: str) -> Published | None:
    """Give the newest version of a topic, or nothing."""
    found = _newest(database, topic)
    return None if found is None else _told(topic, *found)


def text_of(database: Database, topic: str) -> Snapshot | None:
    """Give the content of the newest version, or nothing."""
    found = _newest(database, topic)
    return None if found is None else found[2]


def forms(database: Database) -> Sequence[Published]:
    """List the newest version of each published form."""
    topics = [one for one, _ in _topics(database) if one.startswith(f"{FORM}:")]
    return [one for topic in topics if (one := current(database, topic)) is not None]


def downloads(
    database: Database, key: ServerKey, cursors: Mapping[str, int]
) -> tuple[Sequence[Download], bool]:
    """Give the signed snapshots that a device has not yet, as many as one answer may hold.

    The rules come first. `True`: there are more; the device comes again at once.
    """
    given: list[Download] = []
    waiting = [one for one in _topics(database) if one[1] > cursors.get(one[0], 0)]
    size = 0
    for count, (topic, number) in enumerate(waiting):
        ((body,),) = database.run(
            "SELECT body FROM snapshots WHERE topic = ? AND version = ?", (topic, number)
        )
        size += len(body)
        if count and size > _ROOM:
            return given, True
        given.append(mail.signed(key, topic, number, body))
    return given, False


def _topics(database: Database) -> Sequence[tuple[str, int]]:
    """List the topics with their newest number; the rules first."""
    rows = database.run("SELECT topic, MAX(version) FROM snapshots GROUP BY topic ORDER BY topic")
    return sorted(((topic, number) for topic, number in rows), key=lambda one: _rank(one[0]))


def _rank(topic: str) -> tuple[int, str]:
    return (_FIRST.index(topic) if topic in _FIRST else len(_FIRST), topic)


def _newest(database: Database, topic: str) -> tuple[int, int, Snapshot] | None:
    rows: list[Any] = database.run(
        "SELECT version, at, body FROM snapshots WHERE topic = ? ORDER BY version DESC LIMIT 1",
        (topic,),
    )
    if not rows:
        return None
    ((number, at, body),) = rows
    return number, at, unpack(body, topic)


def _told(topic: str, number: int, at: int, snapshot: Snapshot) -> Published:
    return Published(
        topic=topic, version=snapshot.label, number=number, sha256=snapshot.digest, at=at,
        name=snapshot.name,
    )  # fmt: skip
