"""Telling what was found of a signature: who, when, by what right, and whether it holds."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.base import CHUNK, DAMAGE
from meti_desk.protection.signing import parts
from meti_desk.protection.signing.base import MOST_CMS, FoundSignature, Trust, VerifyReport
from meti_desk.protection.signing.build import name_of
from meti_desk.protection.signing.read import DigestOf, Signed, digest_of_bytes, signers
from meti_desk.protection.signing.stamps import content_bytes, stamp_of


def digest_of_file(file: BinaryIO) -> DigestOf:
    """Hash an open file in constant memory; each hash once."""
    known: dict[str, bytes] = {}

    def digest(name: str) -> bytes:
        if name not in known:
            made = hashlib.new(name.replace("_", "-"))
            file.seek(0)
            while piece := file.read(CHUNK):
                made.update(piece)
            known[name] = made.digest()
        return known[name]

    return digest


def verify_cms(signature: BinaryIO, content: BinaryIO | None, trust: Trust) -> VerifyReport:
    """Verify a detached signature with its file, or one that holds its content itself.

    Raises `InvalidInput`: `signature.not-cms`, `signature.content-missing` when the signature does
    not hold what it signs and no file came with it, `signature.content-inside` when both are there:
    which of the two a person means is not for the program to guess.
    """
    signature.seek(0)
    data = parts.content_info(signature.read(MOST_CMS + 1))
    try:
        inside = content_bytes(data)
    except DAMAGE:
        inside = None
    if content is None and inside is None:
        raise InvalidInput("signature.content-missing")
    if content is not None and inside is not None:
        raise InvalidInput("signature.content-inside")
    digest = digest_of_file(content) if content is not None else digest_of_bytes(inside or b"")
    return VerifyReport(signatures=tuple(found_of(one, trust) for one in signers(data, digest)))


def found_of(one: Signed, trust: Trust, *, claimed: str = "") -> FoundSignature:
    """Tell what was followed: who, when, which chain; with its time stamp.

    `claimed` is a time from outside the structure, where a PDF keeps it.
    """
    stamp = stamp_of(one, trust)
    notes = [*one.notes]
    moment = now = datetime.fromisoformat(trust.now)
    if stamp is not None and stamp.counts:
        moment = min(stamp.time, now)
    chain = one.chain(trust, moment, "sign")
    if chain.state == "trusted" and not chain.revocation:
        notes.append("signature.revocation-unknown")
    told = one.claimed.isoformat() if one.claimed else claimed
    owner = one.certificate
    found = FoundSignature(
        signer=_safe(lambda: name_of(owner)) if owner else "",
        subject=_safe(lambda: owner.subject.human_friendly) if owner else "",
        issuer=_safe(lambda: owner.issuer.human_friendly) if owner else "",
        serial=_safe(lambda: f"{owner.serial_number:x}") if owner else "",
        certificate=hashlib.sha256(owner.dump()).hexdigest() if owner else "",
        claimed=told,
        stamped=stamp.time.isoformat() if stamp is not None and not stamp.problems else "",
        stamp_authority=stamp.authority if stamp is not None else "",
        stamp_chain=stamp.chain if stamp is not None else None,
        chain=chain.state,
        chain_why=chain.why,
        algorithms=tuple(dict.fromkeys((*one.algorithms, *(stamp.algorithms if stamp else ())))),
        problems=tuple(dict.fromkeys((*one.problems, *(stamp.problems if stamp else ())))),
        notes=tuple(notes),
        told_label=one.label,
    )
    return settled(found)


def settled(found: FoundSignature) -> FoundSignature:
    """Say `intact` of what has no problem, and of nothing else."""
    return msgspec.structs.replace(found, intact=not found.problems)


def _safe(read: Callable[[], str]) -> str:
    try:
        return read()
    except DAMAGE:
        return ""
