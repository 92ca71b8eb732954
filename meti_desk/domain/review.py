"""確認: the responsible person judges the labels that staff decided (Art. 4-2).

What is offered is the policy's choice; what is lowered is offered whatever its level, because a
label that is too low protects nothing.
"""

import re
from collections.abc import Iterable, Sequence

from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.permit import OFFICE_HEAD, UNIT_HEAD

POSTS = (UNIT_HEAD, OFFICE_HEAD)
"""Who judges: the 課室情報セキュリティ責任者; where that is who decided, and there is no other one,
the 情報セキュリティ責任者."""
ORDER = ("nobody", "waiting", "objected", "correct", "valid", "done", "gone")
"""States of documents, that which asks for most first: the state of a review is its first one."""
OPEN = ("waiting", "objected")
"""States that wait for a judgement."""

_CODE = re.compile(r"C([1-3])I([12])A([12])")


def code(c: int, i: int, a: int) -> str:
    """Write a 格付 as it is sent in clear: `C3I2A1`."""
    return f"C{c}I{i}A{a}"


def read_code(text: str) -> tuple[int, int, int]:
    """Read a 格付 that came in clear (`review.label`)."""
    found = _CODE.fullmatch(text)
    if found is None:
        raise InvalidInput("review.label")
    c, i, a = map(int, found.groups())
    return c, i, a


def state_of(states: Iterable[str], *, judged_by_somebody: bool = True) -> str:
    """Give the state of a review from those of its documents.

    Without anybody who could judge, what waits is `nobody`: it is listed as such.
    """
    held = set(states)
    first = next((one for one in ORDER if one in held), "gone")
    return "nobody" if first in OPEN and not judged_by_somebody else first


def is_offered(c: int, before: int, *, levels: Sequence[int], lowered: bool) -> bool:
    """Tell whether a decision is offered: by its level, or because it lowers 機密性.

    `before` is the level that stood there (0: none was known). An undecided label counts as the
    floor under which it is handled.
    """
    return c in levels or (lowered and c < before)
