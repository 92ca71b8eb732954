"""課室: who holds which post there, whose devices may read what is sealed for them."""

from collections.abc import Collection, Sequence

import msgspec

from meti_desk.domain.permit import (
    OFFICE_HEAD,
    SYSTEM_HEAD,
    SYSTEM_MANAGER,
    UNIT_HEAD,
    deciders,
    may_decide,
)
from meti_desk.server import mail
from meti_desk.server.storage import Database
from meti_desk.sync.mail import UNIT, Reader, UnitTold

POSTS = {
    "responsible": UNIT_HEAD,
    "system": SYSTEM_HEAD,
    "head": OFFICE_HEAD,
    "manager": SYSTEM_MANAGER,
}
"""Words of the directory's column `role` and the posts of `domain.permit.DECIDERS`."""
STAFF = "staff"
OTHER = "post:"
"""Before the name of another post (`post:総括補佐`): one that policy may name as a stand-in."""
OFFICE = "office"
"""The office of the 統括情報セキュリティ責任者: publishes and evaluates."""
EVERYWHERE = ""
"""The 課室 of who holds a post for the whole ministry."""


def posts_of(role: str) -> tuple[str, ...]:
    """Give the posts that a role names; a person may have several, parted by spaces."""
    named = (POSTS.get(word, _other(word)) for word in role.split())
    return tuple(post for post in named if post)


def is_role(role: str) -> bool:
    """Tell whether the directory may say this of a person."""
    words = role.split()
    return bool(words) and all(
        word in (STAFF, OFFICE) or word in POSTS or bool(_other(word)) for word in words
    )


def _other(word: str) -> str:
    return word.removeprefix(OTHER) if word.startswith(OTHER) else ""


def post_for(
    role: str, own: str, unit: str, articles: Collection[str], stand_ins: Collection[str]
) -> str:
    """Give the post by which somebody of the 課室 `own` decides these articles for a 課室.

    Nothing where they may not. A post of the article itself goes before that of a stand-in.
    """
    if own not in (unit, EVERYWHERE):
        return ""
    held = posts_of(role)
    regular = [post for post in deciders(articles) if post in held]
    others = [post for post in held if may_decide(articles, post, stand_ins)]
    return next(iter((*regular, *others)), "")


def holders(database: Database, unit: str, posts: Sequence[str]) -> list[str]:
    """List the people who hold one of the posts for a 課室."""
    rows = database.run(
        "SELECT id, role FROM people WHERE active = 1 AND unit IN (?, ?) ORDER BY id",
        (unit, EVERYWHERE),
    )
    return [person for person, role in rows if set(posts_of(role)) & set(posts)]


def people_of(database: Database, unit: str) -> list[str]:
    """List everybody of a 課室."""
    rows = database.run("SELECT id FROM people WHERE unit = ? AND active = 1 ORDER BY id", (unit,))
    return [person for (person,) in rows]


def readers(database: Database, unit: str) -> tuple[Reader, ...]:
    """List the devices of all who hold a post for a 課室."""
    rows = database.run(
        "SELECT d.id, p.id, p.name, p.role, d.opening FROM devices d JOIN people p"
        " ON p.id = d.person WHERE p.active = 1 AND p.unit IN (?, ?) AND d.revoked_at IS NULL"
        " AND length(d.opening) > 0 ORDER BY d.id",
        (unit, EVERYWHERE),
    )
    return tuple(
        Reader(device=device, person=person, name=name, posts=posts_of(role), opening=opening)
        for device, person, name, role, opening in rows
        if posts_of(role)
    )


def devices(database: Database, person: str) -> tuple[Reader, ...]:
    """List the devices of a person for which something can be sealed."""
    rows = database.run(
        "SELECT d.id, p.name, d.opening FROM devices d JOIN people p ON p.id = d.person"
        " WHERE p.id = ? AND p.active = 1 AND d.revoked_at IS NULL AND length(d.opening) > 0"
        " ORDER BY d.id",
        (person,),
    )
    return tuple(
        Reader(device=device, person=person, name=name, posts=(), opening=opening)
        for device, name, opening in rows
    )


def announce(database: Database, unit: str, at: int) -> None:
    """Tell everybody of a 課室 who they are and who decides; inside a transaction.

    For `EVERYWHERE` all 課室 are told: somebody decides for all of them.
    """
    units = [unit]
    if unit == EVERYWHERE:
        rows = database.run("SELECT DISTINCT unit FROM people WHERE active = 1 ORDER BY unit")
        units = [one for (one,) in rows]
    for one in units:
        known = readers(database, one)
        people = database.run(
            "SELECT id, name, role FROM people WHERE unit = ? AND active = 1 ORDER BY id", (one,)
        )
        for person, name, role in people:
            own = devices(database, person)
            told = UnitTold(
                person=person, name=name, unit=one, posts=posts_of(role), readers=known, own=own
            )
            mail.post(database, (person,), UNIT, person, msgspec.msgpack.encode(told), at)
