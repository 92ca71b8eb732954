"""Has certificates read and judged in a worker, and shows the facts (Arts. 14-2, 30-1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

import msgspec

from meti_desk.domain.recipients import KeptCertificate
from meti_desk.protection.keys.facts import (
    CertificateFacts,
    CertificatesOrder,
    CertificatesReport,
)
from meti_desk.services.context import Context
from meti_desk.services.plain import plain
from meti_desk.services.recipient_messages import CertificateView, Reminder
from meti_desk.services.trust import trusted

_AT_ONCE = 150
"""Certificates that one job judges; the job takes 200 at most."""
_USED = frozenset({"valid", "expiring"})
_AFTER_PHONE = frozenset({"untrusted", "self-signed"})


def read_file(ctx: Context, path: Path) -> tuple[CertificateFacts, ...]:
    """Read and judge the certificates of a file; errors of the job and of opening."""
    with ctx.files.open_source(path) as source:
        report = ctx.workers.run(
            "certificates", _order(ctx), {"source": source}, CertificatesReport
        )
    return report.certificates


def judged(ctx: Context, kept: Sequence[KeptCertificate]) -> Mapping[str, CertificateFacts]:
    """Judge kept certificates anew, by their fingerprints."""
    found: dict[str, CertificateFacts] = {}
    data = iter(dict.fromkeys(one.data for one in kept))
    order = _order(ctx) if kept else None
    while order is not None and (part := tuple(islice(data, _AT_ONCE))):
        asked = msgspec.structs.replace(order, held=part)
        report = ctx.workers.run("certificates", asked, {}, CertificatesReport)
        found |= {one.fingerprint: one for one in report.certificates}
    return found


def facts_of(kept: KeptCertificate) -> CertificateFacts:
    """Give the facts as they were read when the certificate came."""
    return msgspec.json.decode(kept.facts, type=CertificateFacts)


COMPROMISED = "crypto.compromised"
"""Why a certificate is not used whose kind of key an emergency concerns (Art. 30-2)."""


def view(
    ctx: Context, facts: CertificateFacts, kept: KeptCertificate | None = None
) -> CertificateView:
    """Show a certificate, with what was noted of it where it is kept."""
    compared = bool(kept and kept.confirmed_by)
    phone = facts.state in _AFTER_PHONE
    lost = bool(facts.algorithm) and ctx.table().state(facts.algorithm) == "compromised"
    return CertificateView(
        fingerprint=facts.fingerprint,
        name=plain(facts.name),
        subject=plain(facts.subject),
        issuer=plain(facts.issuer),
        serial=facts.serial,
        mails=tuple(map(plain, facts.mails)),
        begins=facts.begins,
        ends=facts.ends,
        days_left=days_left(ctx, facts),
        kind=facts.kind,
        state=facts.state,
        why=COMPROMISED if lost else facts.why,
        revocation=facts.revocation,
        confirmed_by=kept.confirmed_by if kept else "",
        confirmed_at=kept.confirmed_at if kept else "",
        needs_phone=phone and not compared and not lost,
        short=bool(facts.algorithm) and _short(ctx, facts.algorithm),
        usable=not lost and (facts.state in _USED or (phone and compared)),
    )


def days_left(ctx: Context, facts: CertificateFacts) -> int:
    """Count the days until a certificate ends; below 0 when it has ended."""
    return (datetime.fromisoformat(facts.ends) - ctx.clock.now()).days


def own_reminder(ctx: Context) -> Reminder | None:
    """Tell when the person's own certificate ends, as far as it is known."""
    from meti_desk.services.own_key import own_facts

    facts = own_facts(ctx)
    if facts is None:
        return None
    return Reminder(
        mail="", name=plain(facts.name), ends=facts.ends, days_left=days_left(ctx, facts)
    )


def judge_one(ctx: Context, data: bytes) -> CertificateFacts:
    """Judge one certificate (DER), as the person's own."""
    order = msgspec.structs.replace(_order(ctx), held=(data,))
    return ctx.workers.run("certificates", order, {}, CertificatesReport).certificates[0]


def _short(ctx: Context, algorithm: str) -> bool:
    family, _, bits = algorithm.rpartition("-")
    row = ctx.table().find(family)
    return row is not None and int(bits) < row.own_bits


def _order(ctx: Context) -> CertificatesOrder:
    held = trusted(ctx)
    return CertificatesOrder(
        now=ctx.clock.now().isoformat(),
        roots=held.roots,
        others=held.others,
        crls=held.crls,
        warn_days=ctx.policy.certificates.warn_days,
    )
