"""A notice of the office that marks algorithms, believed by its signature alone (Art. 30-2)."""

from pathlib import Path

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.protection.signing.base import VerifyOrder, VerifyReport
from meti_desk.services.context import Context
from meti_desk.services.signing import BESIDE, trust_of

_LARGEST = 1 << 18


def verified(ctx: Context, path: Path) -> bytes:
    """Give the bytes of a notice whose signature `NAME.p7s` was made by the office.

    The signer's certificate has to reach a trusted root and to be one of those that the policy
    names (`notice_signers`). Raises `RuleViolation("crypto.notice-unsigned")`,
    `InvalidInput("crypto.notice-damaged")` for one that is far too large.
    """
    beside = path.with_name(f"{path.name}{BESIDE}")
    if not beside.is_file():
        raise RuleViolation("crypto.notice-unsigned", articles=("30-2",), name=path.name)
    with ctx.files.open_source(path) as notice, ctx.files.open_source(beside) as signature:
        # Verified and read by one descriptor: nobody exchanges the file in between.
        order = VerifyOrder(trust=trust_of(ctx))
        files = {"source": notice, "sidecar": signature}
        report = ctx.workers.run("verify_cms", order, files, VerifyReport)
        notice.seek(0)
        data = notice.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise InvalidInput("crypto.notice-damaged")
    believed = {one.replace(":", "").lower() for one in ctx.policy.certificates.notice_signers}
    if not any(
        one.intact and one.chain == "trusted" and one.certificate in believed
        for one in report.signatures
    ):
        raise RuleViolation("crypto.notice-unsigned", articles=("30-2",), name=path.name)
    return data
