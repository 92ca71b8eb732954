"""The parts of a split document while they are made: encrypted, divided, written, proven, named.

Used for a file that is split as it is (`services.splitting`) and for the result of an act
(`services.handle`). Nothing has a name before all of it was put together again.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import BinaryIO

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError, RuleViolation
from meti_desk.domain.routes import ARTICLES, Route, read_route
from meti_desk.protection import split as format_
from meti_desk.protection.split import Manifest, Part, Slice
from meti_desk.protection.split_cipher import ALGORITHMS, Inside, Sealed, bound_to, context
from meti_desk.protection.split_jobs import NoOrder, SealOrder, UnsealOrder
from meti_desk.protection.split_shares import KEY_LENGTH, divide, scheme_for, unite
from meti_desk.protection.split_text import ShareText
from meti_desk.services.context import Context
from meti_desk.services.facts import hash_of
from meti_desk.services.giving import today
from meti_desk.services.plain import plain
from meti_desk.services.ports import DocumentRecord, Progress
from meti_desk.services.share_sheet import ShareSheet
from meti_desk.services.splitting_messages import PartView, RouteView
from meti_desk.services.writing import place_new, place_paper
from meti_desk.store.wrapping import wipe
from meti_desk.system.problems import writing

_MOST_PROOFS = 64


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, checked: numbers, ways, scheme and the new set's id."""

    set: str
    n: int
    k: int
    scheme: format_.Scheme
    routes: tuple[Route, ...]

    @property
    def with_file(self) -> tuple[bool, ...]:
        """Tell which parts are files; the others go on paper."""
        return tuple(one.carries_file for one in self.routes) or (True,) * self.n


@dataclass(frozen=True, slots=True)
class Ready:
    """A part without a name yet: its scratch file, the name it is to have, which part it is."""

    file: BinaryIO
    final: Path
    index: int


@dataclass(frozen=True, slots=True)
class Material:
    """What is split: an open file, what it is called inside, its hash, and its label beside it."""

    file: BinaryIO
    name: str
    size: int
    sha256: str
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cut:
    """Parts that are made and proven, still without names."""

    asked: Asked
    sha256: str
    ready: tuple[Ready, ...]


def asked_for(ctx: Context, parts: int, threshold: int, routes: Sequence[str]) -> Asked:
    """Read numbers and ways, and choose the set's id (`split.bad-count`, `route.unknown`)."""
    n, k = parts, threshold or parts
    scheme = scheme_for(n, k)
    ways = tuple(map(read_route, routes))
    return Asked(ctx.ids.token(16).hex(), n, k, scheme, ways)


def check_algorithms(ctx: Context, asked: Asked, reason: str) -> None:
    """Ask the table for the encryption; of the sharing it only has to be no 危殆化 known."""
    table = ctx.table()
    table.require(ALGORITHMS, reason=reason)
    if table.state(asked.scheme) == "compromised":
        raise RuleViolation("crypto.compromised", articles=("30-2",), algorithm=asked.scheme)


def made_parts(
    ctx: Context, stack: ExitStack, material: Material, asked: Asked, folder: Path,
    progress: Progress | None = None,
) -> Cut:  # fmt: skip
    """Make and prove all parts in scratch files, which live as long as `stack`."""
    key = bytearray(ctx.ids.token(KEY_LENGTH))
    total, name = asked.n + 2, material.name
    try:
        cipher = stack.enter_context(ctx.files.scratch(folder))
        _step(progress, 0, total, name)
        sealed = _seal(ctx, material, asked, key, cipher)
        shares = divide(key, asked.n, asked.k, ctx.ids.token)
        manifest = _manifest(asked, cipher, sealed, shares)
        parts = _signed(ctx, manifest, shares)
        ready: list[Ready] = []
        for number, part in enumerate(parts, start=1):
            _step(progress, number, total, name)
            ready += _written(ctx, stack, asked, manifest, part, cipher, folder)
        _step(progress, asked.n + 1, total, name)
        _prove(ctx, material.file, manifest, parts, ready, cipher)
    finally:
        wipe(key)
    return Cut(asked, sealed.sha256, tuple(ready))


def placed_parts(
    ctx: Context, cut: Cut, kind: str, body: Mapping[str, object],
    record: DocumentRecord | None = None,
) -> tuple[tuple[Path, ...], str]:  # fmt: skip
    """Give all parts their names, the last one together with the event; all or none."""
    placed: list[Path] = []
    try:
        placed += [place_paper(ctx, one.file, one.final) for one in cut.ready[:-1]]
        last = cut.ready[-1]
        at, event = place_new(ctx, last.file, last.final, kind, body, record)
    except BaseException:
        for one, path in zip(cut.ready, placed, strict=False):
            with suppress(MetiDeskError, OSError):
                ctx.files.withdraw(one.file, path)
        raise
    return (*placed, at), event


def _step(progress: Progress | None, done: int, total: int, code: str) -> None:
    if progress is None:
        return
    if progress.cancelled:
        raise EnvironmentProblem("batch.cancelled")
    progress.step(done, total, code)


def _seal(
    ctx: Context, material: Material, asked: Asked, key: bytearray, cipher: BinaryIO
) -> Sealed:
    inside = Inside(
        name=material.name,
        size=material.size,
        sha256=material.sha256,
        properties=dict(material.properties),
    )
    order = SealOrder(key=bytes(key), bound=context(asked.set, asked.n, asked.k), inside=inside)
    files = {"source": material.file, "target": cipher}
    return ctx.workers.run("split_seal", order, files, Sealed)


def _manifest(asked: Asked, cipher: BinaryIO, sealed: Sealed, shares: Sequence[bytes]) -> Manifest:
    cut = asked.scheme == "xor-split"
    slices = format_.plan_slices(sealed.size, asked.with_file, cut=cut)
    parts = []
    for index, ((offset, length), share) in enumerate(zip(slices, shares, strict=True), start=1):
        if length == sealed.size:
            told = sealed.sha256
        else:
            digest = hashlib.sha256()
            for piece in format_.pieces(cipher, offset, length):
                digest.update(piece)
            told = digest.hexdigest()
        parts.append(Slice(offset, length, told, format_.commitment(asked.set, index, share)))
    return Manifest(
        set=asked.set, n=asked.n, k=asked.k, scheme=asked.scheme, size=sealed.size,
        sha256=sealed.sha256, parts=tuple(parts),
    )  # fmt: skip


def _signed(ctx: Context, manifest: Manifest, shares: Sequence[bytes]) -> list[Part]:
    raw = format_.encode_manifest(manifest)
    sealer = ctx.open_store().sealer
    signature, public_key = sealer.sign(format_.signed_bytes(raw)), sealer.public_key()
    return [
        Part(
            index=index, manifest=raw, public_key=public_key, signature=signature, share=share,
            body=0,
        )
        for index, share in enumerate(shares, start=1)
    ]  # fmt: skip


def _written(
    ctx: Context, stack: ExitStack, asked: Asked, manifest: Manifest, part: Part,
    cipher: BinaryIO, folder: Path,
) -> list[Ready]:  # fmt: skip
    """Write a part into scratch files: one, or the sheet as docx and as PDF."""
    name = f"分割-{asked.set[:8]}-{part.index}of{asked.n}"
    made: list[Ready] = []

    def scratch(final: str) -> BinaryIO:
        file = stack.enter_context(ctx.files.scratch(folder))
        made.append(Ready(file, folder / final, part.index))
        return file

    with writing(folder):
        if asked.with_file[part.index - 1]:
            slice_ = manifest.parts[part.index - 1]
            file = scratch(name + format_.SUFFIX)
            format_.write_part(file, part, cipher, slice_.offset, slice_.length)
        else:
            share = ShareText(
                set=asked.set, index=part.index, scheme=asked.scheme, share=part.share
            )
            sheet = ShareSheet(share, asked.n, asked.k, today(ctx))
            scratch(f"{name}-書面.docx").write(sheet.as_docx())
            scratch(f"{name}-書面.pdf").write(sheet.as_pdf())
        for one in made:
            one.file.flush()
    return made


def _prove(
    ctx: Context, original: BinaryIO, manifest: Manifest, parts: Sequence[Part],
    ready: Sequence[Ready], cipher: BinaryIO,
) -> None:  # fmt: skip
    """Read every part anew, unite the shares and decrypt (`split.not-proven`)."""
    shares = {part.index: part.share for part in parts}
    for one in ready:
        if one.final.suffix == format_.SUFFIX:
            read = ctx.workers.run("split_read", NoOrder(), {"source": one.file}, Part)
            if read.manifest != parts[0].manifest or read.share != shares[one.index]:
                raise InvalidInput("split.not-proven")
    if hash_of(cipher) != manifest.sha256:
        raise InvalidInput("split.not-proven")
    keys = [
        unite([shares[index] for index in chosen], manifest.scheme)
        for chosen, _ in zip(
            combinations(sorted(shares), manifest.k), range(_MOST_PROOFS), strict=False
        )
    ]
    last = unite([shares[index] for index in sorted(shares)[-manifest.k :]], manifest.scheme)
    if any(one != last for one in keys):
        raise InvalidInput("split.not-proven")
    order = UnsealOrder(key=bytes(last), bound=bound_to(manifest), at=0, length=manifest.size)
    files = {"source": cipher, "original": original}
    ctx.workers.run("split_prove", order, files, Inside)
    for made in (*keys, last):
        wipe(made)


def views_of(asked: Asked, ready: Sequence[Ready], paths: Sequence[Path]) -> tuple[PartView, ...]:
    """Show the parts with their names and ways."""
    views: dict[int, PartView] = {}
    for one, path in zip(ready, paths, strict=True):
        if one.index in views:
            first = views[one.index]
            views[one.index] = PartView(
                index=one.index, path=first.path, pdf=str(path), route=first.route
            )
            continue
        route = asked.routes[one.index - 1] if asked.routes else None
        shown = (
            RouteView(kind=route.kind, detail=plain(route.detail), articles=ARTICLES[route.kind])
            if route
            else None
        )
        views[one.index] = PartView(index=one.index, path=str(path), route=shown)
    return tuple(views[index] for index in sorted(views))
