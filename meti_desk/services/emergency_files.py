"""Which files and keys an emergency concerns, as 取扱記録 tells (Art. 30-2)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from meti_desk.domain import events
from meti_desk.domain.events_crypto import CRYPTO, EVENTS, OUT, REMOVED, REPLACES, RESULT, WHAT
from meti_desk.domain.events_signing import SIGN
from meti_desk.domain.events_split import SPLIT
from meti_desk.domain.ledger import Event
from meti_desk.protection.cryptrec import Table
from meti_desk.protection.registry import METHODS
from meti_desk.services.context import Context
from meti_desk.services.emergency_messages import AffectedFile, AffectedKey, CopyState

STORE_ALGORITHMS = ("aes-256", "gcm", "cbc", "hmac", "sha-256", "sha-512")
"""What the store rests on: SQLCipher and the wraps of its key."""
DEVICE_ALGORITHMS = ("eddsa",)
_KINDS = (events.PROTECT, events.HANDLE, SPLIT, SIGN)
_BY_HAND = frozenset({SPLIT, SIGN})
"""What no password opens: parts are split anew, a document is signed anew, by its owner."""


def compromised(table: Table, algorithms: Sequence[str]) -> tuple[str, ...]:
    """Give those of the algorithms, or of what they are built of, that are 危殆化."""
    parts = dict.fromkeys(part for name in algorithms for part in table.parts(name))
    return tuple(part for part in parts if table.state(part) == "compromised")


def used_by(event: Event) -> tuple[str, ...]:
    """Give the algorithms that an event used; of older events those of their method."""
    body = event.data()
    told = _texts(body.get(events.ALGORITHMS))
    method = METHODS.get(str(body.get(events.METHOD, "")))
    return told or (method.algorithms if method else ())


def protections(ctx: Context) -> Iterator[Event]:
    """Give the events that made a protected, split or signed file, in order."""
    for event in ctx.open_store().ledger.events(kinds=_KINDS):
        if event.data().get(events.METHOD):
            yield event


def files(ctx: Context, table: Table) -> tuple[AffectedFile, ...]:
    """List what was protected with an algorithm that is compromised now, by its place."""
    all_of_them = list(protections(ctx))
    replaced = {str(one.data()[REPLACES]): one for one in all_of_them if one.data().get(REPLACES)}
    removed = _removed(ctx)
    rows = []
    for event in all_of_them:
        hit = compromised(table, used_by(event))
        if hit:
            rows.append(_row(ctx, event, hit, replaced.get(event.id), removed))
    return tuple(sorted(rows, key=lambda one: (one.path, one.at)))


def keys(ctx: Context, table: Table) -> tuple[AffectedKey, ...]:
    """List the keys that rest on a compromised algorithm: store, device, own, recipients'."""
    found = [
        AffectedKey(kind=kind, name=name, algorithms=hit)
        for kind, name, used in _keys(ctx)
        if (hit := compromised(table, used))
    ]
    return tuple(found)


def _keys(ctx: Context) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    from meti_desk.services import own_key
    from meti_desk.services.recipients import Recipients

    yield "store", "", STORE_ALGORITHMS
    yield "device", "", DEVICE_ALGORITHMS
    own = own_key.where(ctx)
    if own.facts is not None:
        yield "own", own.facts.subject, of_key(own.facts.kind)
    for one in Recipients(ctx).list():
        for held in one.certificates:
            yield "recipient", f"{one.name} {one.mail}".strip(), of_key(held.kind)


def of_key(kind: str) -> tuple[str, ...]:
    """Give the algorithms that a key serves, by its kind (`rsa-3072`, `p-256`)."""
    return ("rsa-oaep", "rsa-pss") if kind.startswith("rsa") else ("ecdh", "ecdsa")


def _removed(ctx: Context) -> frozenset[str]:
    told = ctx.open_store().ledger.events(kinds=(CRYPTO,))
    bodies = (one.data() for one in told)
    return frozenset(
        event for body in bodies if body.get(WHAT) == REMOVED for event in _texts(body.get(EVENTS))
    )


def _row(
    ctx: Context,
    event: Event,
    hit: tuple[str, ...],
    successor: Event | None,
    removed: frozenset[str],
) -> AffectedFile:
    body = event.data()
    later = successor.data() if successor else {}
    path, sha256 = str(body.get(OUT, "")), str(body.get(RESULT, ""))
    state: CopyState
    if event.id in removed:
        state = "removed"
    elif successor is not None:
        state = "replaced"
    else:
        state = lies_there(ctx, path, sha256)
        if state == "waiting" and event.kind in _BY_HAND:
            state = "by-hand"
    return AffectedFile(
        id=event.id,
        title=str(body.get(events.TITLE, "")),
        at=event.at,
        method=str(body.get(events.METHOD, "")),
        algorithms=hit,
        path=path,
        sha256=sha256,
        state=state,
        recipients=_texts(body.get(events.RECIPIENTS)),
        replaced_by=str(later.get(OUT, "")),
        replaced_sha256=str(later.get(RESULT, "")),
    )


def lies_there(ctx: Context, path: str, sha256: str) -> CopyState:
    """Tell whether a file is where it was put, and the same; its bytes are read for that."""
    from meti_desk.services.facts import hash_of

    place = Path(path)
    if not path or not place.is_file():
        return "gone"
    try:
        with ctx.files.open_source(place) as file:
            return "waiting" if hash_of(file) == sha256 else "changed"
    except OSError:
        return "gone"


def counted(ctx: Context, table: Table) -> Mapping[str, int]:
    """Count, for each row of the table, the protected files that rest on it."""
    counts: dict[str, int] = {}
    for event in protections(ctx):
        parts = {part for name in used_by(event) for part in (name, *table.parts(name))}
        for one in {row.id for part in parts if (row := table.find(part))}:
            counts[one] = counts.get(one, 0) + 1
    return counts


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()
