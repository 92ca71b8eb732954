"""What goes into splitting and joining and what comes out (Art. 14-5); JSON as in docs/cli.md."""

from typing import Literal

import msgspec

from meti_desk.services.messages import DoneFile, ErrorView

PartState = Literal["there", "repeated", "foreign", "changed", "unreadable"]


class SplitRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Split one file into `parts` in `out`, of which `threshold` are needed; 0: all of them.

    `routes` names the way of each part as `mail` or `medium:書留`; nothing: not chosen yet.
    """

    path: str
    out: str
    parts: int
    threshold: int = 0
    routes: tuple[str, ...] = ()
    reason_unlisted: str = ""


class RouteView(msgspec.Struct, frozen=True, kw_only=True):
    """A way that a part may travel: its kind, which one of that kind, and its articles."""

    kind: str
    detail: str = ""
    articles: tuple[str, ...] = ()
    proposed: bool = True
    """False for one that is offered but not proposed."""


class PartView(msgspec.Struct, frozen=True, kw_only=True):
    """A part that was made: where it lies and how it is to travel.

    A part on paper is a docx and, in `pdf`, the same sheet as PDF.
    """

    index: int
    path: str
    pdf: str = ""
    route: RouteView | None = None


class SplitDone(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a split: one row for the file, and all parts."""

    files: tuple[DoneFile, ...]
    events: tuple[str, ...] = ()
    set: str = ""
    needed: int = 0
    parts: tuple[PartView, ...] = ()
    scheme: str = ""


class JoinRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Put a document together of parts, pictures of sheets and typed words, into `out`.

    `out` is a file's name, or a folder that is there: the document then gets its own name.
    """

    paths: tuple[str, ...]
    out: str = ""
    shares: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Leave the shares out."""
        return f"JoinRequest({self.paths!r}, {len(self.shares)} shares)"


class PartRow(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one part that was given; `path` is `share:1` for typed words."""

    path: str
    state: PartState
    index: int = 0
    set: str = ""
    on_paper: bool = False
    error: ErrorView | None = None


class JoinView(msgspec.Struct, frozen=True, kw_only=True):
    """How far a set is complete; writes nothing.

    `signer` is `known` when the parts were signed by a key that is trusted here, else `unknown`.
    """

    parts: tuple[PartRow, ...]
    set: str = ""
    n: int = 0
    needed: int = 0
    have: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    ready: bool = False
    signer: str = ""


class JoinDone(msgspec.Struct, frozen=True, kw_only=True):
    """What came of joining: a row for each part given, and the view of the set."""

    files: tuple[DoneFile, ...]
    events: tuple[str, ...] = ()
    view: JoinView
    out: str = ""
    error: ErrorView | None = None


class WordFaultView(msgspec.Struct, frozen=True):
    """A typed word or line that cannot be right, and what was probably meant."""

    place: int
    line: int
    suggestion: str = ""

    def __repr__(self) -> str:
        """Leave the word out."""
        return f"WordFaultView({self.place}, {self.line})"


class WordsView(msgspec.Struct, frozen=True, kw_only=True):
    """How far typed words are a share."""

    count: int
    expected: int
    faults: tuple[WordFaultView, ...] = ()
    whole: bool = False
