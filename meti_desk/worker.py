"""Composition root of the worker process: the names of the jobs and what does them.

Started by `meti_desk.isolation` only. What a job needs is imported when it runs, so that a Word
file never loads the PDF libraries. `meti_desk.formats.jobs` lists parameters and results.
"""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, BinaryIO

from meti_desk import light  # noqa: F401 - first, for a quick start
from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import (
    Inspection,
    LabelOrder,
    LabelReport,
    ScrubOrder,
    ScrubReport,
    Wants,
)
from meti_desk.isolation.entry import main
from meti_desk.isolation.perform import Family, Job, late
from meti_desk.worker_signing import SIGNING_JOBS, SIGNING_MODULES

if TYPE_CHECKING:
    from meti_desk.formats.base import DocumentFormat
    from meti_desk.formats.codes import CodesOrder, CodesReport
    from meti_desk.formats.jobs import (
        DigestReport,
        HashReport,
        NoParams,
        OpenOrder,
        OpenReport,
        PageOrder,
        PagePicture,
        ProtectOrder,
        ProtectReport,
    )
    from meti_desk.formats.mentioning import MentionsOrder, MentionsReport
    from meti_desk.formats.redaction import RedactOrder, RedactReport
    from meti_desk.protection.jobs import WrapsReport
    from meti_desk.protection.keys.facts import CertificatesOrder, CertificatesReport

Files = Mapping[str, BinaryIO]

_CONTAINER, _SEQUENCE, _PKCS = b"\x89METIENC", b"\x30", bytes.fromhex("2a864886f70d01")
"""How `.metienc` and CMS files begin."""

_PAGE = b"meti-desk protected page"
"""What the first lines of a page that decrypts itself say."""

_MARKED = "told"
"""Since when an algorithm is compromised matters to people; here only that it is."""
_LEGACY = frozenset({"doc", "xls", "ppt", "cfb"})


def _family(source: BinaryIO) -> "DocumentFormat":
    from meti_desk.formats.registry import find

    return find(source).family


def _inspect(wants: Wants, files: Files) -> Inspection:
    from meti_desk.formats.inspecting import inspect

    inspection = inspect(files["source"], files.get("sidecar"), wants)
    if inspection.obstacle == "encrypted" or (
        inspection.protection is None and _may_be_locked(inspection.format, files["source"])
    ):
        return _with_protection(inspection, files["source"])
    return inspection


def _may_be_locked(variant: str, source: BinaryIO) -> bool:
    """Tell whether a file of no family of ours is worth loading the protection for."""
    if variant in _LEGACY:
        return True
    source.seek(0)
    start = source.read(32)
    if variant == "html":
        return _decrypts_itself(source)
    encrypted_flag = 1
    if start.startswith(_CONTAINER) or (start[:1] == _SEQUENCE and _PKCS in start):
        return True
    return variant == "zip" and len(start) > 6 and bool(start[6] & encrypted_flag)  # noqa: PLR2004


def _decrypts_itself(source: BinaryIO) -> bool:
    """Tell whether a page is one that holds a protected document."""
    source.seek(0)
    return _PAGE in source.read(256)


def _with_protection(inspection: Inspection, source: BinaryIO) -> Inspection:
    """Name what an encrypted file is protected with by the ids of the table of algorithms.

    The families name what they see in words of their own; whether all of it is listed can be told
    only of what the table knows.
    """
    import msgspec

    from meti_desk.formats.base import ProtectionFound
    from meti_desk.protection.registry import detect

    found = detect(source)
    if found is None:
        return inspection
    told = ProtectionFound(found.method, found.algorithms)
    # What a page that decrypts itself shows is not what the document inside holds.
    findings = () if found.method == "html" else inspection.findings
    return msgspec.structs.replace(
        inspection, protection=told, obstacle="encrypted", findings=findings
    )


def _label(order: LabelOrder, files: Files) -> LabelReport:
    """Write the label and read it back: what this gives is proven."""
    from meti_desk.formats.labelling import label

    return label(files["source"], files["target"], order)


def _scrub(order: ScrubOrder, files: Files) -> ScrubReport:
    """Remove, and prove by an independent pass that it is gone and that the rest stayed."""
    source, target = files["source"], files["target"]
    family = _family(source)
    if _decrypts_itself(source):
        raise RuleViolation("document.encrypted")
    report = family.scrub(source, target, order)
    target.flush()
    family.verify_scrub(source, target, order)
    return report


def _redact(order: "RedactOrder", files: Files) -> "RedactReport":
    """Make places black and prove it; nothing is written to the target before."""
    from meti_desk.formats.redacting import redact

    return redact(files["source"], files["target"], order)


def _redaction_places(order: "RedactOrder", files: Files) -> "RedactReport":
    from meti_desk.formats.redacting import redaction_places

    return redaction_places(files["source"], order)


def _page(order: "PageOrder", files: Files) -> "PagePicture":
    """Draw a page of a PDF, or a picture that a page of a PDF can hold as it is coded.

    A file that cannot be read has no picture either: why is told by whoever works on it.
    """
    from meti_desk.domain.errors import MetiDeskError
    from meti_desk.formats.jobs import PagePicture

    source = files["source"]
    try:
        paper = _as_pdf(source, _family(source).id)
        if paper is None:
            return PagePicture()
        from meti_desk.formats.pdf.picture import picture

        return picture(paper, order)
    except MetiDeskError:
        return PagePicture()


def _as_pdf(source: BinaryIO, family: str) -> BinaryIO | None:
    if family != "image":
        return source if family == "pdf" else None
    import io

    from meti_desk.formats.image.containers import opened
    from meti_desk.formats.image.paper import on_paper

    _, data, found = opened(source)
    made = on_paper(data, found)
    return None if made is None else io.BytesIO(made)


def _protect(order: "ProtectOrder", files: Files) -> "ProtectReport":
    from meti_desk.formats.jobs import ProtectReport, Unlisted
    from meti_desk.protection.base import Lock
    from meti_desk.protection.cryptrec import Table
    from meti_desk.protection.registry import protect, protect_many
    from meti_desk.protection.slices import slices

    table = Table.load()
    if order.compromised:
        table = table.mark_compromised(order.compromised, since=_MARKED)
    lock = Lock(
        order.password, order.certificates, order.rounds, order.on, order.reason, order.document
    )
    source, target, label = files["source"], files["target"], order.label
    if order.names:
        parts = slices(source, order.names, order.sizes)
        done = protect_many(
            parts, target, lock, method_id=order.method, label=label, reason=order.reason,
            table=table,
        )  # fmt: skip
    else:
        done = protect(
            order.method, source, target, lock, name=order.name, label=label, reason=order.reason,
            table=table,
        )  # fmt: skip
    return ProtectReport(
        method=done.method,
        algorithms=done.algorithms,
        meets=done.meets,
        sentence=done.sentence,
        warnings=done.warnings,
        unlisted=tuple(Unlisted(n.algorithm, n.state, n.reason) for n in done.notes),
        listed=done.listed,
    )


def _wraps(_: "NoParams", files: Files) -> "WrapsReport":
    """Give the wrapped content keys to the process that has the private key."""
    from meti_desk.protection.jobs import WrapsReport
    from meti_desk.protection.registry import detect, wraps

    found = detect(files["source"])
    return WrapsReport(found.method if found else "", wraps(files["source"]))


def _contents(order: "OpenOrder", files: Files) -> "OpenReport":
    from meti_desk.formats.jobs import OpenReport
    from meti_desk.protection.base import Key
    from meti_desk.protection.registry import contents, detect

    members = contents(files["source"], Key(order.password, order.content_key))
    found = detect(files["source"])
    return OpenReport(
        method=found.method if found else "",
        algorithms=found.algorithms if found else (),
        names=tuple(member.name for member in members),
        sizes=tuple(member.size for member in members),
        labels=tuple(member.label for member in members),
        notes=found.notes if found else (),
    )


def _open(order: "OpenOrder", files: Files) -> "OpenReport":
    from meti_desk.formats.jobs import ALL, OpenReport
    from meti_desk.protection.base import Key
    from meti_desk.protection.registry import detect, open_all, open_any

    key = Key(order.password, order.content_key)
    if order.member == ALL:
        members = open_all(files["source"], files["target"], key)
        names, sizes = tuple(m.name for m in members), tuple(m.size for m in members)
    else:
        names = (open_any(files["source"], files["target"], key, member=order.member),)
        sizes = (files["target"].seek(0, 2),)
    found = detect(files["source"])
    return OpenReport(
        method=found.method if found else "",
        algorithms=found.algorithms if found else (),
        names=names,
        sizes=sizes,
    )


def _digest(_: "NoParams", files: Files) -> "DigestReport":
    from meti_desk.formats.jobs import DigestReport

    wants = Wants(findings=False, digest=True)
    inspection = _family(files["source"]).inspect(files["source"], wants)
    return DigestReport(inspection.format, inspection.digest)


def _file_hash(_: "NoParams", files: Files) -> "HashReport":
    from meti_desk.formats.jobs import HashReport
    from meti_desk.formats.sidecar.hashing import sha256

    source = files["source"]
    return HashReport(sha256(source), source.tell())


def _mentions(order: "MentionsOrder", files: Files) -> "MentionsReport":
    """Tell whether a document says a password."""
    from meti_desk.formats.mentioning import mentions

    return mentions(order, files["source"])


def _codes(order: "CodesOrder", files: Files) -> "CodesReport":
    """Read the QR codes of a picture or a PDF: a share that came on paper."""
    from meti_desk.formats.codes import read_codes

    return read_codes(order, files["source"])


def _certificates(order: "CertificatesOrder", files: Files) -> "CertificatesReport":
    """Read and judge certificates from outside, or those that are kept."""
    from meti_desk.protection.keys.certificates import read

    return read(order, files.get("source"))


_ORDERS, _SPLIT = "meti_desk.formats.jobs", "meti_desk.protection.split_jobs"
_REDACTION, _PROBE = "meti_desk.formats.redaction", "meti_desk.isolation.probe"

JOBS: dict[str, Job] = {
    "inspect": Job(Wants, _inspect),
    "label": Job(LabelOrder, _label),
    "scrub": Job(ScrubOrder, _scrub),
    "redact": Job(f"{_REDACTION}:RedactOrder", _redact),
    "redaction_places": Job(f"{_REDACTION}:RedactOrder", _redaction_places),
    "page": Job(f"{_ORDERS}:PageOrder", _page),
    "protect": Job(f"{_ORDERS}:ProtectOrder", _protect),
    "wraps": Job(f"{_ORDERS}:NoParams", _wraps),
    "contents": Job(f"{_ORDERS}:OpenOrder", _contents),
    "open": Job(f"{_ORDERS}:OpenOrder", _open),
    "certificates": Job("meti_desk.protection.keys.facts:CertificatesOrder", _certificates),
    "digest": Job(f"{_ORDERS}:NoParams", _digest),
    "file_hash": Job(f"{_ORDERS}:NoParams", _file_hash),
    **SIGNING_JOBS,
    "codes": Job("meti_desk.formats.codes:CodesOrder", _codes),
    "mentions": Job("meti_desk.formats.mentioning:MentionsOrder", _mentions),
    "split_seal": Job(f"{_SPLIT}:SealOrder", late(f"{_SPLIT}:seal_job")),
    "split_prove": Job(f"{_SPLIT}:UnsealOrder", late(f"{_SPLIT}:prove_job")),
    "split_read": Job(f"{_SPLIT}:NoOrder", late(f"{_SPLIT}:read_job")),
    "split_open": Job(f"{_SPLIT}:UnsealOrder", late(f"{_SPLIT}:open_job")),
    "probe": Job(f"{_PROBE}:NoParams", late(f"{_PROBE}:probe")),
}

_OF_ALL = (
    *("meti_desk.formats.inspecting", "meti_desk.formats.labelling", "meti_desk.formats.registry"),
    "encodings.cp437",
)
"""What a job needs whatever the family; the last is what zipfile decodes names by."""


def _loaded_ahead() -> tuple[Family, ...]:
    """Give what each family and the protection need; the registry's last family is always there."""
    from meti_desk.formats.registry import FAMILIES as KNOWN

    families = [
        Family(one.name, (one.where.partition(":")[0], *one.preload, *_OF_ALL)) for one in KNOWN
    ]
    protection = ("meti_desk.protection.registry", "meti_desk.protection")
    return (
        *families,
        Family("protection", protection),
        Family("signatures", SIGNING_MODULES),
        Family("prints", ("meti_desk.evidence.prints", "encodings.utf_32_le")),
    )


FAMILIES = _loaded_ahead()
"""The first module tells that a job needed the family; all of them are then loaded ahead."""

if __name__ == "__main__":
    sys.exit(main(JOBS, FAMILIES))
