"""Put a split document together again: which parts there are, which are missing or wrong.

Parts are read in confined workers one by one; here they are only compared. Nothing is written
before enough of them fit, and the document gets its name only after its own hash was compared.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from meti_desk.domain import events_split, stored_label
from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError
from meti_desk.formats.codes import CodesOrder, CodesReport
from meti_desk.formats.sidecar import make_sidecar
from meti_desk.protection import split as format_
from meti_desk.protection import split_text
from meti_desk.protection.split import Manifest, Part
from meti_desk.protection.split_cipher import Inside, bound_to
from meti_desk.protection.split_jobs import NoOrder, UnsealOrder
from meti_desk.protection.split_shares import unite
from meti_desk.protection.split_text import ShareText
from meti_desk.services.context import Context, key_id
from meti_desk.services.facts import hash_of
from meti_desk.services.messages import DoneFile
from meti_desk.services.ports import Progress
from meti_desk.services.protect import safe_name
from meti_desk.services.splitting_messages import (
    JoinDone,
    JoinRequest,
    JoinView,
    PartRow,
    WordFaultView,
    WordsView,
)
from meti_desk.services.views import error_view, label_view
from meti_desk.services.writing import place_new
from meti_desk.store.wrapping import wipe
from meti_desk.system.problems import writing

_TEXT = 10_000
"""Bytes up to which a file may be words that somebody typed."""
_WORDS = {True: 33, False: 35}
MOST_GIVEN = 64


@dataclass(slots=True)
class _Given:
    """One thing that was given: a part, a share from paper, or what is wrong with it."""

    path: str
    part: Part | None = None
    share: ShareText | None = None
    error: MetiDeskError | None = None
    row: PartRow | None = None

    @property
    def owner(self) -> tuple[bytes, bytes]:
        """Tell the set: parts belong together that carry the same manifest of the same signer."""
        return (self.part.manifest, self.part.public_key) if self.part else (b"", b"")


@dataclass(slots=True)
class _Set:
    """What fits together: shares by index, and the files that have data by index."""

    manifest: Manifest
    signer: str
    known: bool
    shares: dict[int, bytes] = field(default_factory=dict)
    files: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Path, and where the data begins in it."""

    def missing(self) -> tuple[int, ...]:
        """Name the parts that are not there, or of which only the share is."""
        return tuple(
            index
            for index, one in enumerate(self.manifest.parts, start=1)
            if index not in self.shares or (one.length and index not in self.files)
        )

    def ready(self) -> bool:
        """Tell whether what is there suffices."""
        if self.manifest.needs_all_data():
            return not self.missing()
        return len(self.shares) >= self.manifest.k and bool(self.files)


def look(ctx: Context, request: JoinRequest) -> JoinView:
    """Tell what was given and what is missing; writes nothing and works while locked."""
    given = _read_all(ctx, request)
    return _view(given, _sorted(ctx, given))


def join(ctx: Context, request: JoinRequest, progress: Progress | None = None) -> JoinDone:
    """Put the document together; `error` tells why not, and the rows which part is to blame."""
    ctx.open_store()
    given = _read_all(ctx, request, progress)
    found = _sorted(ctx, given)
    view = _view(given, found)
    try:
        if found is None:
            raise InvalidInput("join.no-part")
        if not found.ready():
            raise _incomplete(found)
        placed, event, label_text = _joined(ctx, request, found)
    except MetiDeskError as error:
        return JoinDone(files=_rows(given, ""), view=view, error=error_view(error))
    label = label_view(stored_label.parse(label_text, ctx.policy.vocabulary))
    files = _rows(given, str(placed), label=label)
    return JoinDone(files=files, events=(event,), view=view, out=str(placed))


def check_words(text: str) -> WordsView:
    """Tell while words are being typed which of them cannot be right."""
    typed = split_text.typed_words(text[:_TEXT])
    faults = tuple(
        WordFaultView(one.place, one.line, one.suggestion) for one in split_text.faults_of(typed)
    )
    expected = _WORDS[split_text.are_slip39(typed)]
    whole = not faults and len(typed) == expected
    return WordsView(count=len(typed), expected=expected, faults=faults, whole=whole)


def _read_all(ctx: Context, request: JoinRequest, progress: Progress | None = None) -> list[_Given]:
    if len(request.paths) + len(request.shares) > MOST_GIVEN:
        raise InvalidInput("join.too-many", limit=MOST_GIVEN)
    given: list[_Given] = []
    total = len(request.paths)
    for done, path in enumerate(request.paths):
        if progress is not None:
            if progress.cancelled:
                raise EnvironmentProblem("batch.cancelled")
            progress.step(done, total, path)
        one = _Given(path)
        try:
            _read_one(ctx, one)
        except MetiDeskError as error:
            one.error = error
        given.append(one)
    for number, text in enumerate(request.shares, start=1):
        one = _Given(f"share:{number}")
        try:
            one.share = split_text.read_share(text)
        except MetiDeskError as error:
            one.error = error
        given.append(one)
    return given


def _read_one(ctx: Context, one: _Given) -> None:
    with ctx.files.open_source(Path(one.path)) as file:
        head = file.read(len(format_.MAGIC))
        if format_.is_part(head):
            one.part = ctx.workers.run("split_read", NoOrder(), {"source": file}, Part)
            _check_signature(ctx, one.part)
            return
        file.seek(0)
        raw = file.read(_TEXT + 1)
        words = _as_text(raw)
        if words is not None:
            one.share = split_text.read_share(words)
            return
        order = CodesOrder(split_text.PREFIX)
        try:
            found = ctx.workers.run("codes", order, {"source": file}, CodesReport)
        except InvalidInput as error:
            if error.code == "code.no-image":
                raise InvalidInput("split.not-a-part") from None
            raise
        one.share = split_text.read_code(found.texts[0])


def _as_text(raw: bytes) -> str | None:
    """Take a small file for words where it is text; anything else is looked at as a picture."""
    if len(raw) > _TEXT:
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text or text.startswith("%PDF") or not text.strip() else text


def _check_signature(ctx: Context, part: Part) -> None:
    message = format_.signed_bytes(part.manifest)
    if not ctx.verify(part.public_key, message, part.signature):
        raise InvalidInput("split.part-damaged", what="signature")


def _sorted(ctx: Context, given: Sequence[_Given]) -> _Set | None:
    """Find the set that most parts belong to, and tell of each thing given what it is to it."""
    owners = Counter(one.owner for one in given if one.part)
    if not owners:
        for one in given:
            one.row = _row(one, "unreadable" if one.error else "foreign", None)
        return None
    # A set that somebody known signed comes before any number of parts that anybody could make.
    raw, public_key = max(owners, key=lambda one: (_is_known(ctx, one[1]), owners[one]))
    signer, known = key_id(public_key), _is_known(ctx, public_key)
    found = _Set(format_.read_manifest(raw), signer, known)
    for one in given:
        _sort_one(one, found, (raw, public_key))
    return found


def _is_known(ctx: Context, public_key: bytes) -> bool:
    return ctx.known_keys.get(key_id(public_key)) == public_key


def _sort_one(one: _Given, found: _Set, owner: tuple[bytes, bytes]) -> None:
    if one.error is not None:
        changed = one.error.code in ("split.part-damaged", "split.part-truncated")
        one.row = _row(one, "changed" if changed else "unreadable", None)
        return
    index, share = _index_and_share(one)
    if one.part is not None and one.owner != owner:
        other = format_.read_manifest(one.part.manifest).set
        one.error = InvalidInput("join.foreign-part", articles=("14-5",), set=other[:8])
        one.row = _row(one, "foreign", None)
        return
    if one.part is None and not _fits(one, found, index, share):
        one.row = _row(one, "foreign", None)
        return
    again = index in found.shares and (one.part is None or index in found.files)
    one.row = _row(one, "repeated" if again else "there", found)
    found.shares[index] = share
    if one.part is not None and found.manifest.parts[index - 1].length:
        found.files.setdefault(index, (one.path, one.part.body))


def _index_and_share(one: _Given) -> tuple[int, bytes]:
    if one.part is not None:
        return one.part.index, one.part.share
    if one.share is not None:
        return one.share.index, one.share.share
    return 0, b""


def _fits(one: _Given, found: _Set, index: int, share: bytes) -> bool:
    """Tell whether a share from paper belongs to the set; else it has the error."""
    manifest = found.manifest
    told = one.share.set if one.share else ""
    if told and not manifest.set.startswith(told):
        one.error = InvalidInput("join.foreign-part", articles=("14-5",), set=told[:8])
        return False
    right = 1 <= index <= manifest.n and (
        format_.commitment(manifest.set, index, share) == manifest.parts[index - 1].share
    )
    if not right:
        one.error = InvalidInput("join.share-wrong", part=index)
    return right


def _row(one: _Given, state: str, found: _Set | None) -> PartRow:
    index, _ = _index_and_share(one)
    told = one.share.set if one.share else ""
    if found is not None:
        told = found.manifest.set
    elif one.part is not None:
        told = format_.read_manifest(one.part.manifest).set
    return PartRow(
        path=one.path,
        state=state,  # type: ignore[arg-type]  # one of the literals, chosen above
        index=index,
        set=told,
        on_paper=one.share is not None,
        error=error_view(one.error) if one.error else None,
    )


def _view(given: Sequence[_Given], found: _Set | None) -> JoinView:
    rows = tuple(one.row for one in given if one.row is not None)
    if found is None:
        return JoinView(parts=rows)
    missing = found.missing()
    have = tuple(i for i in range(1, found.manifest.n + 1) if i in found.shares)
    return JoinView(
        parts=rows,
        set=found.manifest.set,
        n=found.manifest.n,
        needed=found.manifest.k,
        have=have,
        missing=missing,
        ready=found.ready(),
        signer="known" if found.known else "unknown",
    )


def _incomplete(found: _Set) -> InvalidInput:
    named = ", ".join(map(str, found.missing()))
    return InvalidInput(
        "join.incomplete",
        articles=("14-5",),
        have=len(found.shares),
        needed=found.manifest.k,
        missing=named,
    )


def _rows(given: Sequence[_Given], out: str, **more: object) -> tuple[DoneFile, ...]:
    """Give a row for each thing given; the document stands in those that helped to make it."""
    rows = []
    for one in given:
        repeated = one.row is not None and one.row.state == "repeated"
        rows.append(
            DoneFile(
                path=one.path,
                out=(out,) if out and one.error is None else (),
                method="split" if one.error is None else "",
                notes=("join.repeated",) if repeated else (),
                error=error_view(one.error) if one.error else None,
                **(more if one.error is None else {}),  # type: ignore[arg-type]  # the label
            )
        )
    return tuple(rows)


def _joined(ctx: Context, request: JoinRequest, found: _Set) -> tuple[Path, str, Mapping[str, str]]:
    """Decrypt into a nameless file and give it its name; gives name, event and properties."""
    out = Path(request.out)
    folder = out if out.is_dir() else out.parent
    key = unite(_enough(found), found.manifest.scheme)
    try:
        with ExitStack() as stack:
            cipher, at = _ciphertext(ctx, stack, found, folder)
            target = stack.enter_context(ctx.files.scratch(folder))
            order = UnsealOrder(
                key=bytes(key), bound=bound_to(found.manifest), at=at, length=found.manifest.size
            )
            files = {"source": cipher, "target": target}
            inside = ctx.workers.run("split_open", order, files, Inside)
            if hash_of(target) != inside.sha256:
                raise InvalidInput("split.tampered")
            return _placed(ctx, found, target, inside, _final(out, inside))
    finally:
        wipe(key)


def _final(out: Path, inside: Inside) -> Path:
    return out / safe_name(inside.name) if out.is_dir() else out


def _enough(found: _Set) -> list[bytes]:
    """Take all shares for XOR, and exactly as many as are needed for SLIP-39."""
    chosen = sorted(found.shares)[: found.manifest.k]
    return [found.shares[index] for index in chosen]


def _ciphertext(ctx: Context, stack: ExitStack, found: _Set, folder: Path) -> tuple[BinaryIO, int]:
    """Give the ciphertext and where it begins: a part that has all, or the slices as one file."""
    if not found.manifest.needs_all_data():
        path, body = found.files[min(found.files)]
        return stack.enter_context(ctx.files.open_source(Path(path))), body
    whole = stack.enter_context(ctx.files.scratch(folder))
    for index in sorted(found.files):
        path, body = found.files[index]
        length = found.manifest.parts[index - 1].length
        with ctx.files.open_source(Path(path)) as file, writing(folder):
            for piece in format_.pieces(file, body, length):
                whole.write(piece)
    with writing(folder):
        whole.flush()
    if hash_of(whole) != found.manifest.sha256:
        raise InvalidInput("split.tampered")
    return whole, 0


def _placed(
    ctx: Context, found: _Set, target: BinaryIO, inside: Inside, final: Path
) -> tuple[Path, str, Mapping[str, str]]:
    label = stored_label.parse(inside.properties, ctx.policy.vocabulary)
    body = events_split.join_body(
        title=final.name, label=label, set_id=found.manifest.set, parts=sorted(found.shares),
        signer=found.signer,
    )  # fmt: skip
    sidecar = make_sidecar(inside.sha256, inside.properties) if inside.properties else b""
    placed, event = place_new(ctx, target, final, events_split.JOIN, body, sidecar=sidecar)
    return placed, event, inside.properties
