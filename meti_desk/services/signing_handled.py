"""Signing as a measure of an act (Art. 14-3): a plain PDF inside, anything else beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from meti_desk.domain import events_signing as events
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.label import Label
from meti_desk.protection.signing.base import FoundSignature
from meti_desk.services.facts import Facts, hash_of
from meti_desk.services.signing import BESIDE, Pen, beside, body_of
from meti_desk.services.signing_pdf import signed_into
from meti_desk.services.writing import record_only

_NOT_INSIDE = frozenset({"sign.pdf-irregular", "sign.certified"})
"""Why a PDF is signed beside instead."""


@dataclass(frozen=True, slots=True)
class SignedInside:
    """A PDF that was signed inside: the file, and its signature as it was proven."""

    file: BinaryIO
    found: FoundSignature


def inside(
    pen: Pen, facts: Facts, source: BinaryIO, method: str, scratch: Callable[[], BinaryIO]
) -> SignedInside | None:
    """Sign a PDF that is not protected; nothing for what has to be signed beside."""
    if method or facts.inspection.format != "pdf":
        return None
    target = scratch()
    signed = facts.inspection.obstacle == "signed"
    try:
        return SignedInside(target, signed_into(pen, source, target, signed=signed))
    except (InvalidInput, RuleViolation) as error:
        if error.code in _NOT_INSIDE:
            return None
        raise


def after(
    pen: Pen, facts: Facts, label: Label, signed: SignedInside | None, file: BinaryIO, placed: Path
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Record the signature inside, or sign the finished file beside; gives names and events."""
    if signed is not None:
        body = body_of(
            pen, facts, signed.found,
            sha256=hash_of(signed.file), method="pades", reason="", label=label,
        )  # fmt: skip
        return (), (record_only(pen.ctx, events.SIGN, body),)
    final = placed.with_name(placed.name + BESIDE)
    name, _, event = beside(pen, file, facts, final, label=label)
    return (name,), (event,)
