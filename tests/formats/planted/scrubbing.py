"""Scrubs and proves as the worker does."""

import io

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import Finding, ScrubOrder, ScrubReport, Wants
from meti_desk.formats.registry import find


def scrubbed_with_report(data: bytes, order: ScrubOrder) -> tuple[bytes, ScrubReport]:
    """Scrub, prove, scrub again: the second time nothing changes, byte for byte."""
    source, target, again = io.BytesIO(data), io.BytesIO(), io.BytesIO()
    family = find(source).family
    report = family.scrub(source, target, order)
    family.verify_scrub(source, target, order)
    assert source.getvalue() == data
    family.scrub(target, again, order)
    assert again.getvalue() == target.getvalue()
    return target.getvalue(), report


def scrubbed(data: bytes, purpose: str = "provide", *keep: str) -> bytes:
    assert purpose in ("provide", "publish")
    order = ScrubOrder("publish" if purpose == "publish" else "provide", keep)
    return scrubbed_with_report(data, order)[0]


def findings(data: bytes) -> tuple[Finding, ...]:
    source = io.BytesIO(data)
    return find(source).family.inspect(source, Wants()).findings


def kinds(data: bytes) -> set[str]:
    return {one.kind for one in findings(data)}


def proven(before: bytes, after: bytes, order: ScrubOrder | None = None) -> None:
    find(io.BytesIO(before)).family.verify_scrub(
        io.BytesIO(before), io.BytesIO(after), order or ScrubOrder()
    )


def outcome(data: bytes, purpose: str = "provide") -> str:
    """Give the code that a scrub ends with, empty where it was done; anything else comes out."""
    try:
        scrubbed(data, purpose)
    except MetiDeskError as error:
        return error.code
    return ""


def ends_well(data: bytes) -> bool:
    """Tell whether a broken file is scrubbed or refused by a code of its own."""
    return outcome(data).startswith(("scrub.", "document.")) or outcome(data) == ""
