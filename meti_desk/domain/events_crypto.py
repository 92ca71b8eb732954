"""Events of an emergency of cryptography (Arts. 28-2(2), 30-2), and where protected files lie."""

from collections.abc import Mapping, Sequence

from meti_desk.domain.events import ALGORITHMS, METHOD, REASON, Body

CRYPTO = "crypto"
WHAT, MARKS, REPLACES, EVENTS = "what", "marks", "replaces", "events"
OUT, RESULT = "out", "result_sha256"
MARKED, LIFTED, NOTICE, REMOVED = "marked", "lifted", "notice", "old-copies-removed"


def located(body: Mapping[str, object], path: str, sha256: str) -> Body:
    """Add to the body of a protected file where it lies and its SHA-256; others stay as they are.

    Whoever has to protect it anew must find it, and know that it is still the same.
    """
    if not (body.get(ALGORITHMS) or body.get(METHOD)):
        return dict(body)
    return {**body, OUT: path, RESULT: sha256}


def marks_body(
    *, what: str, algorithms: Sequence[str], reference: str, since: str = "", serial: int = 0
) -> Body:
    """Write that algorithms were marked 危殆化, or a mark lifted; `serial` is that of a notice."""
    return {
        WHAT: what, MARKS: list(algorithms), REASON: reference,
        "since": since, "serial": serial,
    }  # fmt: skip


def removed_body(*, events: Sequence[str], titles: Sequence[str]) -> Body:
    """Write that old copies were removed after the person confirmed it, by their events."""
    return {WHAT: REMOVED, EVENTS: list(events), "titles": list(titles)}
