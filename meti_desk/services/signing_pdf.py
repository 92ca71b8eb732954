"""Sign a PDF inside: a worker prepares, here it is hashed and signed, another worker proves it."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from meti_desk.domain import events_signing as events
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.protection.signing import build
from meti_desk.protection.signing.base import (
    FinishOrder,
    FoundSignature,
    PreparedPdf,
    SignPdfOrder,
    StampPlace,
    VerifyOrder,
    VerifyReport,
)
from meti_desk.services.copying import check_second_file
from meti_desk.services.facts import PIECE, Facts, hash_of, require_unchanged
from meti_desk.services.messages import DoneFile
from meti_desk.services.plain import plain
from meti_desk.services.signing import SIGNED_NAME, Pen, body_of, done_row, proven
from meti_desk.services.signing_messages import SignRequest
from meti_desk.services.writing import place_new


def sign_pdf(held: Pen, facts: Facts, request: SignRequest) -> tuple[DoneFile, str]:
    """Write a signed copy of a PDF and record it; gives the row and the event's id."""
    ctx = held.ctx
    check_second_file(ctx, facts)
    if facts.inspection.obstacle == "encrypted":
        raise InvalidInput("sign.encrypted")
    path = facts.path
    folder = Path(request.out) if request.out else path.parent
    name = path.name if request.out else SIGNED_NAME.format(path.stem) + path.suffix
    with ctx.files.scratch(folder) as target:
        found = signed_into(
            held, facts.file, target,
            signed=facts.inspection.obstacle == "signed", reason=request.reason,
            place=request.place,
        )  # fmt: skip
        require_unchanged(facts)
        sha256 = hash_of(target)
        body = body_of(held, facts, found, sha256=sha256, method="pades", reason=request.reason)
        placed, event = place_new(ctx, target, folder / name, events.SIGN, body, mode=facts.mode)
    return done_row(facts, placed, found, "pades"), event


def signed_into(
    held: Pen,
    source: BinaryIO,
    target: BinaryIO,
    *,
    signed: bool,
    reason: str = "",
    place: StampPlace | None = None,
) -> FoundSignature:
    """Write `source` with one signature more to `target`, proven there.

    `signed` tells whether it has signatures already: those have to stay as good as they were.
    Raises what the jobs raise, `InvalidInput("sign.not-proven")`, and
    `RuleViolation("sign.breaks-earlier")` when a signature that held would not hold any more.
    """
    ctx, now = held.ctx, held.ctx.clock.now()
    before = VerifyReport(signatures=())
    if signed:
        before = ctx.workers.run(
            "verify_pdf", VerifyOrder(trust=held.trust), {"source": source}, VerifyReport
        )
    order = SignPdfOrder(
        when=now.isoformat(),
        signer=plain(held.signer.name),
        reason=reason,
        place=place,
        lines=stamp_lines(held.signer.name, now, reason) if place else (),
        reserve=build.room_for(held.key, stamped=bool(held.authority)),
    )
    files = {"source": source, "target": target}
    prepared = ctx.workers.run("sign_prepare", order, files, PreparedPdf)
    digest = _digest(source, target, prepared)
    attributes = build.signed_attributes(held.key, digest)
    signature = held.sign(attributes)
    stamped = held.stamp(signature)
    made = build.signed_data(held.key, attributes, signature, stamped.token if stamped else b"")
    finish = FinishOrder(signature=made, start=prepared.start, end=prepared.end, trust=held.trust)
    report = ctx.workers.run("sign_finish", finish, {"target": target}, VerifyReport)
    if _digest(source, target, prepared) != digest:
        raise InvalidInput("sign.not-proven", what="changed")
    found = proven(held, report.signatures, prepared.field)
    _check_earlier(before.signatures, report.signatures)
    return found


def stamp_lines(signer: str, when: datetime, reason: str) -> tuple[str, ...]:
    """Write what the visible stamp says, in Japanese, as it stands in the document."""
    day = f"{when.year}年{when.month}月{when.day}日 {when.hour}時{when.minute:02d}分"
    lines = ("電子署名", f"署名者 {plain(signer)}", f"日時 {day}")
    return (*lines, f"理由 {plain(reason)}") if reason else lines


def _digest(source: BinaryIO, target: BinaryIO, prepared: PreparedPdf) -> bytes:
    """Hash all but the gap, and demand that the file begins with the document as it is.

    What is signed is decided here, by the bytes, and not by the process that parsed the document.
    """
    size = source.seek(0, 2)
    if not size < prepared.start < prepared.end < prepared.size == target.seek(0, 2):
        raise InvalidInput("sign.not-proven", what="shape")
    source.seek(0)
    target.seek(0)
    left = size
    while left > 0:
        piece = source.read(min(PIECE, left))
        if not piece or target.read(len(piece)) != piece:
            raise InvalidInput("sign.not-proven", what="content")
        left -= len(piece)
    made = hashlib.sha256()
    for start, end in ((0, prepared.start), (prepared.end, prepared.size)):
        target.seek(start)
        left = end - start
        while left > 0 and (piece := target.read(min(PIECE, left))):
            made.update(piece)
            left -= len(piece)
    return made.digest()


def _check_earlier(before: tuple[FoundSignature, ...], after: tuple[FoundSignature, ...]) -> None:
    """Demand that every signature that held still holds."""
    now = {one.field: one.intact for one in after}
    if any(one.intact and not now.get(one.field, False) for one in before):
        raise RuleViolation("sign.breaks-earlier", articles=("14-3",))
