"""Split a document over different ways (複数の情報に分割してそれぞれ異なる移送経路, Art. 14-5).

Encrypted under a random key, which is divided; the parts lie in `out` and are proven by putting
them together again before any of them gets a name. What is recorded are numbers and ways.
"""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import BinaryIO

from meti_desk.domain import events_split, stored_label
from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.domain.label import Label
from meti_desk.domain.routes import ARTICLES, USUAL, Route, check_routes, proposed, read_route
from meti_desk.protection import split as format_
from meti_desk.protection.split import Manifest, Part, Slice
from meti_desk.protection.split_cipher import ALGORITHMS, Inside, Sealed, bound_to, context
from meti_desk.protection.split_jobs import NoOrder, SealOrder, UnsealOrder
from meti_desk.protection.split_shares import KEY_LENGTH, divide, scheme_for, unite
from meti_desk.protection.split_text import ShareText
from meti_desk.services.context import Context
from meti_desk.services.copying import check_second_file
from meti_desk.services.deciding import check_special
from meti_desk.services.facts import Facts, hash_of, opened, require_unchanged
from meti_desk.services.giving import today
from meti_desk.services.messages import DoneFile
from meti_desk.services.plain import plain
from meti_desk.services.ports import Progress
from meti_desk.services.share_sheet import ShareSheet
from meti_desk.services.splitting_messages import PartView, RouteView, SplitDone, SplitRequest
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view
from meti_desk.services.writing import place_new, place_paper
from meti_desk.store.wrapping import wipe
from meti_desk.system.problems import writing

UNDECIDED = "split.routes-undecided"
"""Note: nobody chose yet how the parts travel."""
_MOST_PROOFS = 64


@dataclass(frozen=True, slots=True)
class _Asked:
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
class _Ready:
    """A part without a name yet: its scratch file, the name it is to have, which part it is."""

    file: BinaryIO
    final: Path
    index: int


def offered_routes(n: int) -> tuple[RouteView, ...]:
    """Give the ways to choose from: first what is proposed for `n` parts, then the others."""
    chosen = proposed(n)
    rest = [Route(kind) for kind in (*USUAL, "general-service") if Route(kind) not in chosen]
    return tuple(
        RouteView(
            kind=one.kind, detail=one.detail, articles=ARTICLES[one.kind],
            proposed=number < len(chosen),
        )
        for number, one in enumerate((*chosen, *rest))
    )  # fmt: skip


def split(ctx: Context, request: SplitRequest, progress: Progress | None = None) -> SplitDone:
    """Split a file; nothing lies in `out` when it fails.

    The row of the file has the error: `split.bad-count`, `route.…`, `crypto.…`, `copy.…`.
    """
    ctx.open_store()
    try:
        asked = _asked(ctx, request)
        folder = Path(request.out)
        with opened(ctx, Path(request.path), QUICK) as facts:
            check_special(ctx, facts)
            check_second_file(ctx, facts)
            if asked.routes:
                check_routes(asked.routes, facts.label, n=asked.n, k=asked.k)
            _check_algorithms(ctx, asked, request.reason_unlisted)
            with writing(folder):
                folder.mkdir(parents=True, exist_ok=True)
            return _split(ctx, facts, asked, folder, progress)
    except MetiDeskError as error:
        return SplitDone(files=(DoneFile(path=request.path, error=error_view(error)),))


def _asked(ctx: Context, request: SplitRequest) -> _Asked:
    n, k = request.parts, request.threshold or request.parts
    scheme = scheme_for(n, k)
    routes = tuple(map(read_route, request.routes))
    return _Asked(ctx.ids.token(16).hex(), n, k, scheme, routes)


def _check_algorithms(ctx: Context, asked: _Asked, reason: str) -> None:
    """Ask the table for the encryption; of the sharing it only has to be no 危殆化 known."""
    table = ctx.table()
    table.require(ALGORITHMS, reason=reason)
    if table.state(asked.scheme) == "compromised":
        raise RuleViolation("crypto.compromised", articles=("30-2",), algorithm=asked.scheme)


def _split(
    ctx: Context, facts: Facts, asked: _Asked, folder: Path, progress: Progress | None
) -> SplitDone:
    key = bytearray(ctx.ids.token(KEY_LENGTH))
    try:
        with ExitStack() as stack:
            cipher = stack.enter_context(ctx.files.scratch(folder))
            _step(progress, 0, asked.n + 2, str(facts.path))
            sealed = _seal(ctx, facts, asked, key, cipher)
            shares = divide(key, asked.n, asked.k, ctx.ids.token)
            manifest = _manifest(asked, cipher, sealed, shares)
            parts = _signed(ctx, manifest, shares)
            ready: list[_Ready] = []
            for number, part in enumerate(parts, start=1):
                _step(progress, number, asked.n + 2, str(facts.path))
                ready += _written(ctx, stack, asked, manifest, part, cipher, folder)
            _step(progress, asked.n + 1, asked.n + 2, str(facts.path))
            _prove(ctx, facts, manifest, parts, ready, cipher)
            require_unchanged(facts)
            return _placed(ctx, facts, asked, sealed, ready)
    finally:
        wipe(key)


def _step(progress: Progress | None, done: int, total: int, code: str) -> None:
    if progress is not None:
        progress.step(done, total, code)


def _seal(ctx: Context, facts: Facts, asked: _Asked, key: bytearray, cipher: BinaryIO) -> Sealed:
    beside = isinstance(facts.label, Label) and not facts.embeds
    inside = Inside(
        name=facts.path.name,
        size=facts.size,
        sha256=facts.file_hash,
        properties=stored_label.to_properties(facts.label) if beside and facts.label else {},
    )
    order = SealOrder(key=bytes(key), bound=context(asked.set, asked.n, asked.k), inside=inside)
    return ctx.workers.run("split_seal", order, {"source": facts.file, "target": cipher}, Sealed)


def _manifest(asked: _Asked, cipher: BinaryIO, sealed: Sealed, shares: Sequence[bytes]) -> Manifest:
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
    ctx: Context, stack: ExitStack, asked: _Asked, manifest: Manifest, part: Part,
    cipher: BinaryIO, folder: Path,
) -> list[_Ready]:  # fmt: skip
    """Write a part into scratch files: one, or the sheet as docx and as PDF."""
    name = f"分割-{asked.set[:8]}-{part.index}of{asked.n}"
    made: list[_Ready] = []

    def scratch(final: str) -> BinaryIO:
        file = stack.enter_context(ctx.files.scratch(folder))
        made.append(_Ready(file, folder / final, part.index))
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
    ctx: Context, facts: Facts, manifest: Manifest, parts: Sequence[Part],
    ready: Sequence[_Ready], cipher: BinaryIO,
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
    files = {"source": cipher, "original": facts.file}
    ctx.workers.run("split_prove", order, files, Inside)
    for made in (*keys, last):
        wipe(made)


def _placed(
    ctx: Context, facts: Facts, asked: _Asked, sealed: Sealed, ready: Sequence[_Ready]
) -> SplitDone:
    """Give all parts their names, the last one together with the event; all or none."""
    body = events_split.split_body(
        document=facts.document_id, title=facts.title, label=facts.label, set_id=asked.set,
        n=asked.n, k=asked.k, routes=asked.routes, method="split",
        algorithms=(*ALGORITHMS, asked.scheme), listed=ctx.listed(ALGORITHMS),
        sha256=sealed.sha256,
    )  # fmt: skip
    placed: list[Path] = []
    try:
        placed += [place_paper(ctx, one.file, one.final) for one in ready[:-1]]
        last = ready[-1]
        at, event = place_new(ctx, last.file, last.final, events_split.SPLIT, body)
    except BaseException:
        for one, path in zip(ready, placed, strict=False):
            with suppress(MetiDeskError, OSError):
                ctx.files.withdraw(one.file, path)
        raise
    paths = (*placed, at)
    row = DoneFile(
        path=str(facts.path),
        out=tuple(map(str, paths)),
        method="split",
        meets="split.meets" if asked.k == asked.n else "split.meets-some",
        label=label_view(facts.label),
        notes=() if asked.routes else (UNDECIDED,),
    )
    return SplitDone(
        files=(row,), events=(event,), set=asked.set, needed=asked.k, scheme=asked.scheme,
        parts=_views(asked, ready, paths),
    )  # fmt: skip


def _views(asked: _Asked, ready: Sequence[_Ready], paths: Sequence[Path]) -> tuple[PartView, ...]:
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
