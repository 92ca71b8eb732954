"""Events about the store itself: what was done to its key, and who tried to open it."""

from meti_desk.domain.events import Body

STORE = "store"
_WHAT, _COUNT = "what", "count"


def store_body(*, what: str, count: int = 0) -> Body:
    """Tell what was done: `passphrase`, `rekey`, `backup`, `recovery-set` and so on.

    `count` belongs to `unlock-failures`: how many wrong passphrases came before the right one.
    """
    return {_WHAT: what, _COUNT: count} if count else {_WHAT: what}


def what_of(body: dict[str, object]) -> str:
    """Read what was done."""
    told = body.get(_WHAT)
    return told if isinstance(told, str) else ""
