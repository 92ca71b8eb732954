"""Verify the signatures of files: who, when, by what right, and whether anything was changed.

Works while the store is locked, and asks nobody on the network.
"""

import re
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from meti_desk.domain import stored_label
from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.domain.label import AnyLabel
from meti_desk.protection.signing.base import (
    MOST_CMS,
    FoundSignature,
    Trust,
    VerifyOrder,
    VerifyReport,
)
from meti_desk.services.batch import each
from meti_desk.services.context import Context
from meti_desk.services.facts import opened
from meti_desk.services.ports import Progress
from meti_desk.services.signing import BESIDE, attested, trust_of
from meti_desk.services.signing_messages import LabelSince, SignatureView, VerifiedFile
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view
from meti_desk.system.naming import candidates

_HOLDS_CONTENT = ".p7m"
"""The ending of a signature with its content inside, whatever lies beside it."""
SIGNATURE_ENDINGS = (BESIDE, _HOLDS_CONTENT, ".p7", ".sig")
_PDF_HEAD = 1024
_NUMBERED = re.compile(r" \(\d+\)$")
_MOST_BESIDE = 50


def verify(
    ctx: Context,
    paths: tuple[str, ...],
    *,
    content: str = "",
    progress: Progress | None = None,
) -> tuple[VerifiedFile, ...]:
    """Tell of every signature of each file; `content` is what a signature beside it signs.

    Rows have an error for what has no signature (`verify.no-signature`), for one of a kind that
    cannot be verified here (`verify.unsupported`), and for damage.
    """
    trust = trust_of(ctx)
    return each(
        paths,
        lambda path: _one(ctx, path, Path(content) if content else None, trust),
        lambda path, error: VerifiedFile(path=path, error=error_view(error)),
        progress,
    )


def _one(ctx: Context, path: Path, content: Path | None, trust: Trust) -> VerifiedFile:
    with ctx.files.open_source(path) as file:
        if path.suffix.lower() in SIGNATURE_ENDINGS:
            return _signature_file(ctx, path, file, content or _signed_by(path), trust)
        views: list[SignatureView] = []
        head = file.read(_PDF_HEAD)
        label = _label(ctx, path)
        if b"%PDF-" in head:
            order = VerifyOrder(trust=trust)
            report = ctx.workers.run("verify_pdf", order, {"source": file}, VerifyReport)
            views += [_in_pdf(ctx, one, report.properties) for one in report.signatures]
        for one in _beside(path):
            with ctx.files.open_source(one) as signature:
                views += _detached(ctx, one, signature, file, label, trust)
    if not views:
        raise _nothing(ctx, path)
    return VerifiedFile(path=str(path), label=label_view(label), signatures=tuple(views))


def _beside(path: Path) -> list[Path]:
    """Find the signatures beside a file: `NAME.p7s`, `NAME (2).p7s` …."""
    found: list[Path] = []
    for one in candidates(path.with_name(path.name + BESIDE)):
        if len(found) >= _MOST_BESIDE or not one.is_file():
            return found
        found.append(one)
    return found


def _signed_by(path: Path) -> Path | None:
    """Find the file that a signature beside it signs, by its name."""
    if path.suffix.lower() == _HOLDS_CONTENT:
        return None
    for name in (path.stem, _NUMBERED.sub("", path.stem)):
        beside = path.with_name(name) if name else path
        if beside != path and beside.is_file():
            return beside
    return None


def _signature_file(
    ctx: Context, path: Path, file: BinaryIO, content: Path | None, trust: Trust
) -> VerifiedFile:
    with ExitStack() as stack:
        signed = stack.enter_context(ctx.files.open_source(content)) if content else None
        label = _label(ctx, content) if content else None
        views = _detached(ctx, path, file, signed, label, trust)
    if not views:
        raise InvalidInput("verify.no-signature")
    told = str(content) if content else ""
    return VerifiedFile(
        path=str(path), content=told, label=label_view(label), signatures=tuple(views)
    )


def _detached(
    ctx: Context, path: Path, signature: BinaryIO, content: BinaryIO | None,
    label: AnyLabel | None, trust: Trust,
) -> list[SignatureView]:  # fmt: skip
    if signature.seek(0, 2) > MOST_CMS and content is not None:
        raise InvalidInput("signature.not-cms")
    signature.seek(0)
    files = {"source": signature}
    if content is not None:
        files = {"source": content, "sidecar": signature}
    report = ctx.workers.run("verify_cms", VerifyOrder(trust=trust), files, VerifyReport)
    return [
        view_of(ctx, one, _since(one, label, known=content is not None), beside=str(path))
        for one in report.signatures
    ]


def _since(one: FoundSignature, label: AnyLabel | None, *, known: bool) -> LabelSince:
    """Compare the label with what the signer attested beside the file."""
    if one.told_label is None or not known:
        return "unknown"
    if not one.told_label and label is None:
        return "none"
    return "same" if one.told_label == attested(label) else "changed"


def _in_pdf(ctx: Context, one: FoundSignature, now: dict[str, str]) -> SignatureView:
    then = one.signed_properties
    if then is None:
        return view_of(ctx, one, "unknown")
    keys = (stored_label.LABEL_KEY, stored_label.HANDLING_KEY)
    if any(then.get(key) != now.get(key) for key in keys):
        return view_of(ctx, one, "changed", "signature.label-changed")
    return view_of(ctx, one, "same" if keys[0] in then else "none")


def _label(ctx: Context, path: Path) -> AnyLabel | None:
    """Read the label of a file; what is too damaged to tell one has none."""
    try:
        with opened(ctx, path, QUICK) as facts:
            return facts.label
    except MetiDeskError:
        return None


def _nothing(ctx: Context, path: Path) -> InvalidInput:
    """Say why nothing was found: a signature of another kind, or none."""
    try:
        with opened(ctx, path, QUICK) as facts:
            if facts.inspection.obstacle == "signed":
                return InvalidInput("verify.unsupported", format=facts.inspection.format)
    except MetiDeskError:
        pass
    return InvalidInput("verify.no-signature")


def view_of(
    ctx: Context, one: FoundSignature, label: LabelSince, problem: str = "", *, beside: str = ""
) -> SignatureView:
    """Show a signature, with its algorithms judged by the table (Art. 30-1)."""
    table, today = ctx.table(), ctx.clock.now().date().isoformat()
    states = [(name, table.state(name, on=today)) for name in one.algorithms]
    proven = bool(one.stamped) and one.stamp_chain == "trusted"
    problems = (*one.problems, *((problem,) if problem else ()))
    notes = list(one.notes)
    if any(_short(ctx, name) for name in one.algorithms):
        notes.append("signature.short-key")
    return SignatureView(
        signer=one.signer,
        time=one.stamped if proven else one.claimed,
        time_proven=proven,
        chain=one.chain,
        intact=one.intact and not problem,
        kind=one.kind,
        beside=beside,
        field=one.field,
        reason=one.reason,
        claimed=one.claimed,
        stamped=one.stamped,
        stamp_authority=one.stamp_authority,
        stamp_chain=one.stamp_chain,
        chain_why=one.chain_why,
        covers=one.covers,
        later=one.later,
        label=label,
        algorithms=one.algorithms,
        listed=bool(states) and all(state == "listed" for _, state in states),
        unlisted=tuple((name, state) for name, state in states if state != "listed"),
        subject=one.subject,
        issuer=one.issuer,
        serial=one.serial,
        certificate=one.certificate,
        problems=problems,
        notes=tuple(notes),
    )


def _short(ctx: Context, name: str) -> bool:
    """Tell whether a key is shorter than what would be used for a new signature."""
    row = ctx.table().find(name)
    bits = name.rpartition("-")[2]
    return bool(row and row.id != name and bits.isdigit() and int(bits) < row.own_bits)
