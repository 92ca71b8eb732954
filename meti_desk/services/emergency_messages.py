"""What is asked and told in an emergency of cryptography."""

from typing import Literal

import msgspec

from meti_desk.services.messages import ErrorView

CopyState = Literal["waiting", "by-hand", "replaced", "removed", "gone", "changed"]
"""A file under a compromised algorithm: to be protected anew; to be split or signed anew; done, the
old copy is still there; done and removed; not where it was; another file now."""


class AlgorithmRow(msgspec.Struct, frozen=True, kw_only=True):
    """An algorithm of the table: on which list it stands, since when it is 危殆化, how often used.

    `by_notice` tells whether a signed notice marked it; only then can nobody here lift the mark.
    """

    id: str
    name: str
    category: str
    state: str
    since: str = ""
    reference: str = ""
    by_notice: bool = False
    used: int = 0


class AffectedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that this person protected with an algorithm that is compromised now.

    `id` is the event that made it, `replaced_by` the path of what was made in its place.
    """

    id: str
    title: str
    at: str
    method: str
    algorithms: tuple[str, ...]
    """The compromised ones alone."""
    path: str = ""
    sha256: str = ""
    state: CopyState = "waiting"
    recipients: tuple[str, ...] = ()
    """Who got it: they have to be told."""
    replaced_by: str = ""
    replaced_sha256: str = ""


class AffectedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that rests on a compromised algorithm; `kind`: `store`, `own`, `recipient`."""

    kind: str
    name: str
    algorithms: tuple[str, ...]


class Affected(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an emergency concerns here."""

    files: tuple[AffectedFile, ...] = ()
    keys: tuple[AffectedKey, ...] = ()


class ReprotectRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Protect files anew: `ids` of `AffectedFile`, all that wait when empty.

    `password` opens the old ones, `new_password` closes the new ones; empty: one is made for all.
    `method` empty: the first that no emergency concerns.
    """

    password: str
    ids: tuple[str, ...] = ()
    new_password: str = ""
    method: str = ""

    def __repr__(self) -> str:
        """Leave the passwords out."""
        return f"ReprotectRequest({self.ids!r}, {self.method!r})"


class RemovedCopy(msgspec.Struct, frozen=True, kw_only=True):
    """An old copy that was removed, or why it was not."""

    id: str
    path: str
    error: ErrorView | None = None
