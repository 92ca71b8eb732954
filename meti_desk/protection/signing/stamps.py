"""Time stamps (RFC 3161): asking for one, and verifying what comes back or lies in a signature."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar

from asn1crypto import algos, cms, core, tsp

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.base import DAMAGE
from meti_desk.protection.signing import asn1, parts
from meti_desk.protection.signing.base import ChainState, StampOrder, StampReport, Trust
from meti_desk.protection.signing.build import name_of
from meti_desk.protection.signing.read import DigestOf, Signed, digest_of_bytes, signers

_GRANTED = (0, 1)
_SLACK = 300
"""Seconds that two clocks may differ."""


class Answer(core.Sequence):  # type: ignore[misc] # untyped library
    """What an authority answers; without a token where it refuses (RFC 3161, 2.4.2)."""

    _fields: ClassVar = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


@dataclass(slots=True)
class Stamp:
    """A time stamp as it was followed; without problems its time is good, if the chain is."""

    time: datetime
    authority: str = ""
    chain: ChainState = "untrusted"
    why: str = ""
    algorithms: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """Tell whether the time is proven by an authority that is trusted now."""
        return not self.problems and self.chain == "trusted"


def request(imprint: bytes, nonce: int) -> bytes:
    """Write the question to the authority: stamp this SHA-256, send your certificate (DER)."""
    asked = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "hashed_message": imprint,
            },
            "nonce": nonce,
            "cert_req": True,
        }
    )
    made: bytes = asked.dump()
    return made


def read_answer(data: bytes, order: StampOrder) -> StampReport:
    """Verify the answer of the authority: granted, our number, our hash, its signature and chain.

    Raises `InvalidInput`: `stamp.refused` (with the authority's own status), `stamp.damaged`,
    `stamp.wrong` (`what`: `nonce`, `imprint`, `signature`), `stamp.untrusted`, `stamp.wrong-time`.
    """
    try:
        answer = Answer.load(data, strict=True)
        status = int(answer["status"]["status"])
        granted = status in _GRANTED and not isinstance(answer["time_stamp_token"], core.Void)
    except DAMAGE:
        raise InvalidInput("stamp.damaged") from None
    if not granted:
        raise InvalidInput("stamp.refused", status=status)
    try:
        token = answer["time_stamp_token"].dump()
        info = tst_info(parts.content_info(token))
        nonce = info["nonce"].native
        imprint = info["message_imprint"]
        hashed = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
    except (InvalidInput, *DAMAGE):
        raise InvalidInput("stamp.damaged") from None
    if nonce != order.nonce:
        raise InvalidInput("stamp.wrong", what="nonce")
    if hashed != ("sha256", order.imprint):
        raise InvalidInput("stamp.wrong", what="imprint")
    stamp = follow(token, lambda _name: order.imprint, order.trust)
    if stamp.problems:
        raise InvalidInput("stamp.wrong", what="signature")
    if stamp.chain != "trusted":
        raise InvalidInput("stamp.untrusted", chain=stamp.chain)
    if abs((stamp.time - datetime.fromisoformat(order.trust.now)).total_seconds()) > _SLACK:
        raise InvalidInput("stamp.wrong-time")
    return StampReport(
        token, stamp.time.isoformat(), stamp.authority, stamp.chain, tuple(stamp.algorithms)
    )


def tst_info(data: cms.SignedData) -> tsp.TSTInfo:
    """Give what the authority signed; a `ValueError` when it is no time stamp."""
    if data["encap_content_info"]["content_type"].dotted != asn1.TST_INFO:
        raise ValueError
    held = tsp.TSTInfo.load(content_bytes(data), strict=True)
    held.native  # noqa: B018 - parsing happens here, and may fail here
    return held


def content_bytes(data: cms.SignedData) -> bytes:
    """Give the bytes of what lies inside a structure; a `ValueError` when nothing does."""
    held = data["encap_content_info"]["content"]
    if isinstance(held, core.Void):
        raise ValueError  # noqa: TRY004 - a signature without content, not a wrong type
    return bytes(held)


def stamp_of(one: Signed, trust: Trust) -> Stamp | None:
    """Follow the time stamp of a signature, where it has one."""
    if not one.token:
        return None
    return follow(one.token, digest_of_bytes(one.signature), trust)


def follow(token: bytes, digest_of: DigestOf, trust: Trust) -> Stamp:
    """Verify a token against the hash of what it is to stamp; damage is a problem, never an error.

    The chain of the authority is judged now: a stamp whose authority cannot be trusted any more
    proves no time any more.
    """
    stamp = Stamp(datetime.fromtimestamp(0, UTC))
    try:
        data = parts.content_info(token)
        info = tst_info(data)
        stamp.time = info["gen_time"].native.astimezone(UTC)
        name = info["message_imprint"]["hash_algorithm"]["algorithm"].native
        wanted = info["message_imprint"]["hashed_message"].native
        (signed,) = signers(data, digest_of_bytes(content_bytes(data)), content_type=asn1.TST_INFO)
        stamp.algorithms = signed.algorithms
        if signed.problems:
            stamp.problems.append("signature.stamp-wrong")
        if signed.certificate is not None:
            stamp.authority = name_of(signed.certificate)
        now = datetime.fromisoformat(trust.now)
        judged = signed.chain(trust, now, "stamp")
        stamp.chain, stamp.why = judged.state, judged.why
        if digest_of(name) != wanted:
            stamp.problems.append("signature.stamp-wrong")
    except (InvalidInput, *DAMAGE):
        stamp.problems.append("signature.stamp-wrong")
    return stamp


def imprint_of(signature: bytes) -> bytes:
    """Give the hash of a signature that is to be stamped."""
    return hashlib.sha256(signature).digest()
