"""For whom words are sealed on this device, and how they are opened (`sync.sealed`)."""

from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.permit import may_decide
from meti_desk.services import enrolment
from meti_desk.services.context import Context
from meti_desk.sync.mail import Reader, UnitTold
from meti_desk.sync.packed import unpack
from meti_desk.sync.sealed import unseal

T = TypeVar("T")


def own_points(ctx: Context, told: UnitTold) -> dict[str, bytes]:
    """Give the devices of the person, this one among them: each shows what was said."""
    this = enrolment.enrolled(ctx).device
    return enrolment.points(told.own) | {this: ctx.open_store().sealer.opening_point()}


def holding(told: UnitTold, posts: Sequence[str], *, others: bool = False) -> tuple[Reader, ...]:
    """Give the devices of who holds one of the posts; `others`: not those of the person."""
    return tuple(
        one
        for one in told.readers
        if set(one.posts) & set(posts) and not (others and one.person == told.person)
    )


def deciding(ctx: Context, told: UnitTold, articles: Collection[str]) -> tuple[Reader, ...]:
    """Give the devices of who may decide these articles for the 課室; a stand-in if policy says so.

    Nobody else reads what a request says: another post of the same 課室 does not suffice.
    """
    stand_ins = ctx.policy.permits.stand_ins
    return tuple(
        one
        for one in told.readers
        if any(may_decide(articles, post, stand_ins) for post in one.posts)
    )


def fingerprint(points: dict[str, bytes]) -> tuple[str, ...]:
    """Name for whom something is sealed, so that a change is seen."""
    return tuple(sorted(f"{device}:{point.hex()[2:34]}" for device, point in points.items()))


def all_points(*groups: Iterable[Reader]) -> dict[str, bytes]:
    """Give the devices of several groups."""
    return {one.device: one.opening for group in groups for one in group}


def opened(ctx: Context, sealed: bytes, about: str, kind: type[T]) -> T | None:
    """Open packed words; nothing where they are not for this device, or damaged."""
    plain = opened_bytes(ctx, sealed, about)
    try:
        return unpack(plain, kind) if plain is not None else None
    except InvalidInput:
        return None


def opened_bytes(ctx: Context, sealed: bytes, about: str) -> bytes | None:
    """Open a seal; nothing where it is not for this device, or damaged."""
    if not sealed:
        return None
    store = ctx.open_store()
    try:
        return unseal(sealed, about, enrolment.enrolled(ctx).device, store.sealer.agree)
    except InvalidInput:
        return None
