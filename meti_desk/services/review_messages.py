"""What the window and the commands ask of 確認 (Art. 4-2), and what they are told."""

import msgspec

from meti_desk.services.messages import LabelView


class ReviewDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document of a review; `state` is a word of `sync.reviews`.

    `place` is where it lies: the reviewer opens it there. Both are empty where this device cannot
    read the seal.
    """

    id: str
    state: str
    title: str = ""
    place: str = ""
    digest: str = ""


class ReviewStep(msgspec.Struct, frozen=True, kw_only=True):
    """What was said about a review: `what` is `valid`, `correct`, `objected`."""

    what: str
    by: str
    post: str = ""
    at: str = ""
    documents: tuple[str, ...] = ()
    label: LabelView | None = None
    note: str = ""


class ReviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """A review as it is shown: all files that got the same label in one decision.

    `state`: `unsent`, `waiting`, `nobody`, `objected`, `correct`, `valid`, `done`, `gone`.
    `readable`: this device can read its words; if not, it was sealed before this device, or this
    person, was known as one that judges, and comes anew after the owner's next sync. `judgeable`:
    this person may judge it now. `evidence` are (code, words): `lowered`, `source`,
    `source-id`, `sources` (their number), `consulted`, `changed`, `unmarked`, `more` (how many
    further ones there are).
    """

    id: str
    revision: int
    state: str
    owner: str
    label: LabelView
    decided_at: str
    documents: tuple[ReviewDocument, ...]
    unit: str = ""
    offered_at: str = ""
    reason: str = ""
    evidence: tuple[tuple[str, str], ...] = ()
    steps: tuple[ReviewStep, ...] = ()
    follows: tuple[str, ...] = ()
    readable: bool = True
    judgeable: bool = False
    mine: bool = False
    refusal: str = ""
    """Code of the server's refusal of the last thing that was said about it from here."""
    said: bool = False
    """Whether something was said about it that the server has not answered yet."""


class JudgeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A judgement about one or many reviews alike.

    `c` 0: 妥当. Else the order: 機密性 `c`, `i`, `a` (0: as decided) and `restrictions` by name
    (`None`: as decided, an empty tuple: none). An order needs a `note`. `documents` names some of
    the documents of a single review; empty: all that wait.
    """

    ids: tuple[str, ...]
    c: int = 0
    i: int = 0
    a: int = 0
    restrictions: tuple[str, ...] | None = None
    note: str = ""
    documents: tuple[str, ...] = ()


class CorrectionTask(msgspec.Struct, frozen=True, kw_only=True):
    """要修正: an order that this person has to carry out or to answer (Arts. 4-2, 5-1).

    It is closed by the next label decision of the document that is as ordered, or by an answer.
    `path` is where the document lies as far as this device knows.
    """

    review: str
    revision: int
    document: str
    title: str
    path: str
    decided: LabelView
    ordered: LabelView
    note: str
    by: str
    post: str
    at: str
    said: bool = False
    """Whether an answer waits to be sent, or the decision as ordered does."""


class ReviewsView(msgspec.Struct, frozen=True, kw_only=True):
    """All at once. `judges`: this person holds a post that judges. The newest come first."""

    enrolled: bool
    judges: bool = False
    to_judge: tuple[ReviewRow, ...] = ()
    judged: tuple[ReviewRow, ...] = ()
    mine: tuple[ReviewRow, ...] = ()
    tasks: tuple[CorrectionTask, ...] = ()
