"""The way back from protected files: by a password, or with the person's own key (Art. 14).

With a key it takes two steps. The file is parsed in a confined worker, which gives the content key
as it is wrapped for certificates; the private key, which no worker ever sees, unwraps it here; a
second job decrypts with the content key alone.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import copyfileobj
from threading import Lock
from typing import BinaryIO

import msgspec

from meti_desk.domain import events, stored_label
from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.domain.label import AnyLabel
from meti_desk.formats.base import Inspection
from meti_desk.formats.jobs import ALL, NoParams, OpenOrder, OpenReport
from meti_desk.formats.sidecar import make_sidecar
from meti_desk.protection.jobs import WrapsReport
from meti_desk.protection.keys.base import PrivateKey
from meti_desk.protection.recipients import unwrap_mine
from meti_desk.protection.slices import slices
from meti_desk.services.batch import each
from meti_desk.services.context import Context
from meti_desk.services.facts import hash_of
from meti_desk.services.messages import Done, DoneFile, OpenRequest
from meti_desk.services.own_key import key_from_file, own_key
from meti_desk.services.ports import Progress
from meti_desk.services.protect import failed, gathered, safe_name
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view
from meti_desk.services.writing import place_new, record_only

_IN_ONE_PASS = frozenset({"metienc", "html"})
"""Methods that encrypt all files inside as one; a ZIP has each for itself."""
_PIECE = 1 << 20
_NOT_BY_KEY = frozenset({"protect.no-certificates", "open.needs-password", "open.not-for-you"})
"""Errors after which a password, where there is one, is tried."""


@dataclass(frozen=True, slots=True)
class _Opener:
    """What opens the files of one request; a card does one thing at a time."""

    ctx: Context
    folder: Path
    password: str
    key: PrivateKey | None
    turn: Lock

    def order(self, source: BinaryIO) -> OpenOrder:
        """Say what opens this file: the content key that the own key unwrapped, or the password.

        Raises what `recipients.unwrap_mine` raises.
        """
        if self.key is None:
            return OpenOrder(password=self.password)
        try:
            report = self.ctx.workers.run("wraps", NoParams(), {"source": source}, WrapsReport)
            with self.turn:
                held = unwrap_mine(report.wraps, self.key)
        except MetiDeskError as error:
            if error.code in _NOT_BY_KEY and self.password:
                return OpenOrder(password=self.password)
            raise
        order = OpenOrder(content_key=bytes(held))
        held[:] = bytes(len(held))
        return order


def open_files(ctx: Context, request: OpenRequest, progress: Progress | None = None) -> Done:
    """Take what lies in protected files out into `out`.

    A member that fails ends its archive: the row has the error and what was taken out before it.
    """
    ctx.open_store()
    folder = Path(request.out)
    folder.mkdir(parents=True, exist_ok=True)
    with _key(ctx, request) as key:
        opener = _Opener(ctx, folder, request.password, key, Lock())

        def one(path: Path) -> tuple[DoneFile, tuple[str, ...]]:
            with ctx.files.open_source(path) as source:
                return _open_one(opener, path, source)

        return gathered(list(each(request.paths, one, failed, progress)))


@contextmanager
def _key(ctx: Context, request: OpenRequest) -> Iterator[PrivateKey | None]:
    """Hold the private key that the request names, and let go of it afterwards."""
    if not request.key and not request.own_key:
        yield None
        return
    if request.key:
        key = key_from_file(ctx, request.key, request.key_password)
    else:
        key = own_key(ctx, request.key_password)
    try:
        yield key
    finally:
        key.close()


def _open_one(opener: _Opener, path: Path, source: BinaryIO) -> tuple[DoneFile, tuple[str, ...]]:
    ctx = opener.ctx
    order = opener.order(source)
    inside = ctx.workers.run("contents", order, {"source": source}, OpenReport)
    placed: list[str] = []
    ids: list[str] = []
    labels: list[AnyLabel | None] = []
    error: MetiDeskError | None = None
    try:
        with _filling(opener, source, order, inside) as fills:
            for number, (name, fill) in enumerate(zip(inside.names, fills, strict=True)):
                final = opener.folder / safe_name(name or _without_ending(path.name, inside.method))
                label = inside.labels[number] if number < len(inside.labels) else ""
                at, event, shown = _take_out(ctx, fill, final, label, inside.method)
                placed.append(str(at))
                ids.append(event)
                labels.append(shown)
    except MetiDeskError as refused:
        # What already has its name is recorded and stays; the row tells both.
        error = refused
    if not placed and error is None:
        body = events.open_body(document="", title=path.name, label=None, method=inside.method)
        ids.append(record_only(ctx, events.OPEN, body))
    row = DoneFile(
        path=str(path),
        out=tuple(placed),
        method=inside.method,
        label=label_view(labels[0]) if len(labels) == 1 else None,
        notes=inside.notes,
        error=error_view(error) if error else None,
    )
    return row, tuple(ids)


@contextmanager
def _filling(
    opener: _Opener, source: BinaryIO, order: OpenOrder, inside: OpenReport
) -> Iterator[Sequence[Callable[[BinaryIO], object]]]:
    """Give for each file inside what writes it to a scratch file.

    Many files under one encryption are decrypted in one pass, to a scratch file that is cut up
    here: else the password would be hashed, and all decrypted, for each of them.
    """
    run, files = opener.ctx.workers.run, {"source": source}

    def one(number: int) -> Callable[[BinaryIO], object]:
        taking = msgspec.structs.replace(order, member=number)
        return lambda target: run("open", taking, {**files, "target": target}, OpenReport)

    if inside.method not in _IN_ONE_PASS or len(inside.names) <= 1:
        yield [one(number) for number in range(len(inside.names))]
        return
    with opener.ctx.files.scratch(opener.folder) as together:
        taking = msgspec.structs.replace(order, member=ALL)
        report = run("open", taking, {**files, "target": together}, OpenReport)
        if (report.names, report.sizes) != (inside.names, inside.sizes):
            raise InvalidInput("file.changed")
        parts = slices(together, report.names, report.sizes)
        yield [partial(_copy, part) for _, part in parts]


def _copy(part: BinaryIO, target: BinaryIO) -> None:
    copyfileobj(part, target, _PIECE)
    target.flush()


def _take_out(
    ctx: Context, fill: Callable[[BinaryIO], object], final: Path, label: str, method: str
) -> tuple[Path, str, AnyLabel | None]:
    """Take one file out of a protected one and record it; gives its name, event and label.

    A label that travelled in the envelope is put beside a file that cannot carry one itself.
    """
    with ctx.files.scratch(final.parent) as target:
        fill(target)
        sidecar, read = _beside(ctx, target, label) if label else (b"", None)
        body = events.open_body(document="", title=final.name, label=read, method=method)
        at, event = place_new(ctx, target, final, events.OPEN, body, sidecar=sidecar)
    return at, event, read


def _beside(ctx: Context, file: BinaryIO, label: str) -> tuple[bytes, AnyLabel | None]:
    """Make the sidecar of a file that came with a label, unless it carries one itself."""
    inspection = ctx.workers.run("inspect", QUICK, {"source": file}, Inspection)
    own = stored_label.parse(inspection.properties, ctx.policy.vocabulary)
    if own is not None:
        return b"", own
    levels, _, handling = label.partition("\n")
    properties = {stored_label.LABEL_KEY: levels}
    if handling:
        properties[stored_label.HANDLING_KEY] = handling
    read = stored_label.parse(properties, ctx.policy.vocabulary)
    if read is None or inspection.embeds:
        return b"", read
    return make_sidecar(hash_of(file), stored_label.to_properties(read)), read


def _without_ending(name: str, method: str) -> str:
    """Name a file whose envelope tells no name: without the ending that protecting added."""
    from meti_desk.protection.registry import ENDINGS

    ending = ENDINGS.get(method, "")
    short = name[: -len(ending)] if ending and name.lower().endswith(ending) else name
    return short or name
