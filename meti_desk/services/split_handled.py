"""The result of an act as parts over different ways (Art. 14-5), in the place of one file."""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from meti_desk.domain import events, stored_label
from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.label import Label
from meti_desk.domain.routes import check_routes
from meti_desk.protection.split_cipher import ALGORITHMS
from meti_desk.services.context import Context
from meti_desk.services.facts import hash_of
from meti_desk.services.parts import (
    Asked,
    Material,
    asked_for,
    check_algorithms,
    made_parts,
    placed_parts,
    views_of,
)
from meti_desk.services.split_wish import SplitWish
from meti_desk.services.stages import Outcome

MEASURE = "split"


@dataclass(frozen=True, slots=True)
class Sent:
    """The parts under their names: all of them, the event, and those that go by mail."""

    paths: tuple[Path, ...]
    event: str
    by_mail: tuple[Path, ...]


def asked_of(ctx: Context, wish: SplitWish | None, label: Label) -> Asked:
    """Check how a result is to be split, before anything is made.

    Raises `InvalidInput("split.not-told")` where nothing was said, and what `split` raises.
    """
    if wish is None:
        raise InvalidInput("split.not-told", articles=("14-5",))
    asked = asked_for(ctx, wish.parts, wish.threshold, wish.routes)
    check_routes(asked.routes, label, n=asked.n, k=asked.k)
    check_algorithms(ctx, asked, "")
    return asked


def send_in_parts(
    ctx: Context, asked: Asked, outcome: Outcome, label: Label, final: Path,
    body: Mapping[str, object],
) -> Sent:  # fmt: skip
    """Split what the stages made and record it as the act; `final` is its name inside.

    The label of a file that cannot carry it goes inside as well, where it would lie beside it.
    """
    outcome.file.flush()
    material = Material(
        file=outcome.file,
        name=final.name,
        size=os.fstat(outcome.file.fileno()).st_size,
        sha256=hash_of(outcome.file),
        properties=stored_label.to_properties(label) if outcome.sidecar else {},
    )
    ways = [{"kind": one.kind, "detail": one.detail} for one in asked.routes]
    told = {
        "set": asked.set, "parts": asked.n, "needed": asked.k, "routes": ways,
        events.ALGORITHMS: [*ALGORITHMS, asked.scheme],
    }  # fmt: skip
    with ExitStack() as stack:
        cut = made_parts(ctx, stack, material, asked, final.parent)
        paths, event = placed_parts(ctx, cut, events.HANDLE, {**body, **told})
        views = views_of(asked, cut.ready, paths)
    if outcome.record is not None:
        # The document lies nowhere as such: it is known by its content, not by the parts.
        ctx.open_store().documents.put(replace(outcome.record, file_hash=material.sha256))
    mailed = [Path(one.path) for one in views if one.route and one.route.kind == "mail"]
    return Sent(paths, event, tuple(mailed))
