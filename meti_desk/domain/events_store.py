"""Events about the store itself: what was done to its key, who tried to open it, what it forgot."""

from meti_desk.domain.events import Body

STORE = "store"
FORGOTTEN = "others-forgotten"
"""What came by a post or a 課室 was forgotten here, because the person holds it no longer."""
_WHAT, _COUNT = "what", "count"


def store_body(*, what: str, count: int = 0) -> Body:
    """Tell what was done: `passphrase`, `rekey`, `backup`, `recovery-set` and so on.

    `count` belongs to `unlock-failures`: how many wrong passphrases came before the right one.
    """
    return {_WHAT: what, _COUNT: count} if count else {_WHAT: what}


def forgotten_body(*, count: int) -> Body:
    """Tell how many things of others were forgotten; what they were about is gone with them."""
    return {_COUNT: count}


def what_of(body: dict[str, object]) -> str:
    """Read what was done."""
    told = body.get(_WHAT)
    return told if isinstance(told, str) else ""
