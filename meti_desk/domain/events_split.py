"""What stands in 取扱記録 of splitting and joining (Art. 14-5): numbers and ways, never a share."""

from collections.abc import Sequence

from meti_desk.domain import events
from meti_desk.domain.label import AnyLabel
from meti_desk.domain.routes import Route

SPLIT = "split"
JOIN = "join"
PASSWORD_AGREED = "password-agreed"  # noqa: S105 - the name of an event
PASSWORD_FORGOTTEN = "password-forgotten"  # noqa: S105 - the name of an event


def split_body(
    *,
    document: str,
    title: str,
    label: AnyLabel | None,
    set_id: str,
    n: int,
    k: int,
    routes: Sequence[Route],
    method: str,
    algorithms: Sequence[str],
    listed: bool,
    sha256: str,
) -> events.Body:
    """Write into how many parts a document was split and by which ways they are to travel."""
    ways = [{"kind": one.kind, "detail": one.detail} for one in routes]
    told: events.Body = {
        "set": set_id, "parts": n, "needed": k, "routes": ways, events.SHA256: sha256,
    }  # fmt: skip
    body = events.protect_body(
        document=document, title=title, label=label, method=method, algorithms=algorithms,
        listed=listed,
    )  # fmt: skip
    return body | told


def join_body(
    *, title: str, label: AnyLabel | None, set_id: str, parts: Sequence[int], signer: str
) -> events.Body:
    """Write from which parts a document was put together, and whose key had signed them."""
    body = events.open_body(document="", title=title, label=label, method="split")
    return body | {"set": set_id, "parts": list(parts), "signer": signer}


def password_body(*, recipient: str, told_by: str, reason: str, rotated: bool) -> events.Body:
    """Write that a password was agreed with somebody, and how it was told - never which one."""
    return {
        events.RECIPIENTS: [recipient], "told_by": told_by, events.REASON: reason,
        "rotated": rotated,
    }  # fmt: skip
