"""Sign documents: PDFs inside (PAdES), any other file beside it (CMS), and record it (Art. 14-3).

The key is used here, the document is read in workers; what comes back was verified there as a
signature of anybody would be.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from meti_desk.domain import events_signing as events
from meti_desk.domain import stored_label
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.label import AnyLabel, Label
from meti_desk.protection.keys.base import PrivateKey
from meti_desk.protection.signing import build, stamps
from meti_desk.protection.signing.base import (
    FoundSignature,
    StampOrder,
    StampReport,
    Trust,
    VerifyOrder,
    VerifyReport,
)
from meti_desk.services.batch import each
from meti_desk.services.context import Context
from meti_desk.services.deciding import check_special
from meti_desk.services.facts import Facts, hash_of, opened, require_unchanged
from meti_desk.services.messages import Done, DoneFile
from meti_desk.services.own_key import key_from_file, own_key
from meti_desk.services.ports import Progress
from meti_desk.services.signing_messages import SignRequest
from meti_desk.services.suggest import QUICK
from meti_desk.services.trust import trusted
from meti_desk.services.views import error_view, label_view
from meti_desk.services.writing import place_new
from meti_desk.system.label_cache import as_file
from meti_desk.system.tsa import Ask, ask

BESIDE = ".p7s"
"""The ending of a signature that lies beside its file."""
AUTHORITY = "timestamp.url"
"""The setting that names a time stamp authority, where policy names none."""
SIGNED_NAME = "{}_署名済み"


@dataclass(frozen=True, slots=True)
class Pen:
    """What signs the files of one request: the key, and what its signatures are judged by."""

    ctx: Context
    key: PrivateKey
    signer: build.Signer
    trust: Trust
    authority: str
    ask: Ask
    unlisted: str
    turn: threading.Lock

    def sign(self, attributes: bytes) -> bytes:
        """Sign; a card does one thing at a time."""
        with self.turn:
            return build.sign(self.key, attributes)

    def stamp(self, signature: bytes) -> StampReport | None:
        """Have a signature stamped by the authority; nothing where none is named.

        Raises what `system.tsa.ask` and the job `read_stamp` raise.
        """
        if not self.authority:
            return None
        nonce = int.from_bytes(self.ctx.ids.token(8), "big")
        imprint = stamps.imprint_of(signature)
        answer = self.ask(self.authority, stamps.request(imprint, nonce))
        with as_file(answer) as file:
            order = StampOrder(imprint=imprint, nonce=nonce, trust=self.trust)
            return self.ctx.workers.run("read_stamp", order, {"source": file}, StampReport)


@contextmanager
def pen(
    ctx: Context, *, key: str, secret: str, stamp: bool, unlisted: str = "", asking: Ask = ask
) -> Iterator[Pen]:
    """Open a key for signing and close it afterwards; a key of too weak a kind is refused.

    Raises what `own_key` raises, and `crypto.…` of the table of algorithms (Art. 30-1).
    """
    held = key_from_file(ctx, key, secret) if key else own_key(ctx, secret)
    try:
        signer = build.signer_of(held)
        notes = ctx.table().require(signer.algorithms, reason=unlisted)
        told = "; ".join(f"{one.algorithm}: {one.reason}" for one in notes)
        address = authority_of(ctx) if stamp else ""
        yield Pen(ctx, held, signer, trust_of(ctx), address, asking, told, threading.Lock())
    finally:
        held.close()


def authority_of(ctx: Context) -> str:
    """Give the address of the time stamp authority: of policy, else of the settings."""
    if ctx.policy.time_stamps.authority:
        return ctx.policy.time_stamps.authority
    return ctx.store.settings.get(AUTHORITY) if ctx.store is not None else ""


def trust_of(ctx: Context) -> Trust:
    """Give what chains are judged by now."""
    held = trusted(ctx)
    return Trust(
        roots=held.roots, others=held.others, crls=held.crls, now=ctx.clock.now().isoformat()
    )


def sign(
    ctx: Context, request: SignRequest, progress: Progress | None = None, *, asking: Ask = ask
) -> Done:
    """Sign each file with one key; the originals stay as they are.

    A file has to carry its decided label before it is signed, because a label cannot come in
    afterwards (`sign.label-first`).
    """
    ctx.open_store()
    if request.out:
        Path(request.out).mkdir(parents=True, exist_ok=True)
    with pen(
        ctx, key=request.key, secret=request.secret, stamp=request.stamp,
        unlisted=request.reason_unlisted, asking=asking,
    ) as held:  # fmt: skip
        rows = each(
            request.paths,
            lambda path: _one(held, path, request),
            lambda path, error: (DoneFile(path=path, error=error_view(error)), ""),
            progress,
        )
    return Done(files=tuple(row for row, _ in rows), events=tuple(e for _, e in rows if e))


def _one(held: Pen, path: Path, request: SignRequest) -> tuple[DoneFile, str]:
    with opened(held.ctx, path, QUICK) as facts:
        check_special(held.ctx, facts)
        check_label(facts)
        inside = facts.inspection.format == "pdf" and not request.detached
        if inside:
            from meti_desk.services.signing_pdf import sign_pdf

            return sign_pdf(held, facts, request)
        folder = Path(request.out) if request.out else path.parent
        final = folder / (path.name + BESIDE)
        placed, found, event = beside(held, facts.file, facts, final, reason=request.reason)
        return done_row(facts, placed, found, "cms-signature"), event


def check_label(facts: Facts) -> None:
    """Refuse what has no decided label, or none of its own where it could carry one.

    What is signed already can take no label any more: there the record has to know it. Raises
    `RuleViolation`: `sign.label-first` (Art. 4-1), `sign.label-inside`.
    """
    if not isinstance(facts.label, Label):
        raise RuleViolation("sign.label-first", articles=("4-1", "14-3"))
    if facts.embeds and facts.from_record:
        raise RuleViolation("sign.label-inside", articles=("5-1", "14-3"))


def attested(label: AnyLabel | None) -> str:
    """Write the label as a signer attests it beside a file."""
    if label is None:
        return ""
    return "\n".join(f"{key}={value}" for key, value in stored_label.to_properties(label).items())


def beside(
    held: Pen,
    content: BinaryIO,
    facts: Facts,
    final: Path,
    *,
    reason: str = "",
    label: AnyLabel | None = None,
) -> tuple[Path, FoundSignature, str]:
    """Sign the bytes of an open file in a file of its own, prove it, name and record it."""
    ctx = held.ctx
    sha256 = hash_of(content)
    label = label or facts.label
    attributes = build.signed_attributes(
        held.key, bytes.fromhex(sha256), when=ctx.clock.now(), label=attested(label)
    )
    signature = held.sign(attributes)
    stamped = held.stamp(signature)
    made = build.signed_data(held.key, attributes, signature, stamped.token if stamped else b"")
    with ctx.files.scratch(final.parent) as target:
        target.write(made)
        target.flush()
        files = {"source": content, "sidecar": target}
        report = ctx.workers.run("verify_cms", VerifyOrder(trust=held.trust), files, VerifyReport)
        found = proven(held, report.signatures)
        require_unchanged(facts)
        body = body_of(
            held, facts, found, sha256=sha256, method="cms-signature", reason=reason, label=label
        )
        placed, event = place_new(ctx, target, final, events.SIGN, body, mode=facts.mode)
    return placed, found, event


def proven(held: Pen, found: tuple[FoundSignature, ...], field: str = "") -> FoundSignature:
    """Find the new signature among those that were verified, and demand that it is whole.

    Raises `InvalidInput("sign.not-proven")`; `RuleViolation("sign.certificate-unfit")` for a
    certificate that is expired or revoked.
    """
    wanted = hashlib.sha256(held.key.certificate).hexdigest()
    own = [one for one in found if one.certificate == wanted and one.field == field]
    if len(own) != 1 or not own[0].intact or own[0].covers != "whole":
        what = own[0].problems[0] if own and own[0].problems else "missing"
        raise InvalidInput("sign.not-proven", what=what)
    if own[0].chain in ("expired", "revoked"):
        raise RuleViolation("sign.certificate-unfit", articles=("14-3",), chain=own[0].chain)
    return own[0]


def body_of(
    held: Pen,
    facts: Facts,
    found: FoundSignature,
    *,
    sha256: str,
    method: str,
    reason: str,
    label: AnyLabel | None = None,
) -> dict[str, object]:
    """Write the event of a signature."""
    return events.sign_body(
        document=facts.document_id,
        title=facts.title,
        label=label or facts.label,
        sha256=sha256,
        method=method,
        signer=found.signer,
        certificate=found.certificate,
        algorithms=found.algorithms,
        listed=held.ctx.listed(held.signer.algorithms),
        reason=reason,
        unlisted=held.unlisted,
        stamped=found.stamped,
    )


def done_row(facts: Facts, placed: Path, found: FoundSignature, method: str) -> DoneFile:
    """Tell of a file that was signed."""
    notes = ["sign.time-stamped"] if found.stamped else []
    if found.chain == "untrusted":
        notes.append("sign.chain-untrusted")
    return DoneFile(
        path=str(facts.path),
        out=(str(placed),),
        method=method,
        label=label_view(facts.label),
        notes=tuple(notes),
    )
