"""確認 (Art. 4-2) on the wire: which labels were decided, how they were judged, what was corrected.

In clear are ids, digests and label codes; titles, evidence, reasons and places are sealed for who
judges, and an order for the devices of who has to carry it out. One review holds all files that
got the same label in one decision; each of them is judged for itself or with the others.
"""

import msgspec

from meti_desk.sync.mail import Reader

OFFERED = "review-offered"
"""Labels were decided (4-1): `ReviewOffered`."""
WITHDRAWN = "review-withdrawn"
"""Documents are gone or were decided anew before they were judged: `ReviewWithdrawn`."""
JUDGED = "review-judged"
"""妥当 or 修正の指示: `ReviewJudged`."""
ANSWERED = "review-answered"
"""Who decided objects to an order with a reason (相談, Art. 7-1): `ReviewAnswered`."""

REVIEW = "review"
"""The kind of mail that brings a `ReviewTold`, to who decided and to all who judge."""
MOST_MEMBERS = 200
"""Documents in one review; a decision about more is offered in several."""

WAITING = "waiting"
"""確認待ち."""
VALID = "valid"
"""妥当."""
CORRECT = "correct"
"""要修正: an order that was not carried out yet."""
OBJECTED = "objected"
"""相談中: who decided answered the order with a reason; it is judged again."""
DONE = "done"
"""修正済み: decided anew as ordered."""
GONE = "gone"
"""取下げ: disposed of, published, or decided anew before it was judged."""
NOBODY = "nobody"
"""確認者なし: nobody but who decided holds a post that judges. Of a whole review only."""


class ReviewMember(msgspec.Struct, frozen=True, kw_only=True):
    """A document of a review: id, normalized content digest (hex), where it stands."""

    document: str
    digest: str
    state: str = WAITING


class Replaced(msgspec.Struct, frozen=True, kw_only=True):
    """Documents of an earlier review whose order this decision carries out."""

    id: str
    documents: tuple[str, ...]


class ReviewOffered(msgspec.Struct, frozen=True, kw_only=True):
    """Labels that one decision gave. `label` is the code `C3I2A1`, `words` a `ReviewWords`.

    `decided_at` is the device's time (ISO 8601). Said again under the same id while unjudged, it
    renews the seal. `carries_out` links the orders that it satisfies. `device` and `opening` are
    those of the device that speaks: an order is sealed for it, and for the others of the person.
    """

    id: str
    label: str
    decided_at: str
    members: tuple[ReviewMember, ...]
    words: bytes
    carries_out: tuple[Replaced, ...] = ()
    device: str = ""
    opening: bytes = b""


class ReviewWords(msgspec.Struct, frozen=True, kw_only=True):
    """What only people read; the lists are as long as the members and in their order.

    `handling` is the line of 取扱制限 of `domain.stored_label`; `evidence` are codes with words,
    `source:元の文書.docx C2`, and stands for all members.
    """

    titles: tuple[str, ...]
    places: tuple[str, ...]
    reason: str = ""
    handling: str = ""
    evidence: tuple[str, ...] = ()


class ReviewWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """Documents that need no judgement any more; `why`: `decided-anew`, `disposed`, `published`."""

    id: str
    documents: tuple[str, ...]
    why: str


class ReviewJudged(msgspec.Struct, frozen=True, kw_only=True):
    """A judgement about some documents of a review, or all that wait (`documents` empty).

    `revision` is the one that the reviewer saw: what somebody else judged since is not judged
    again. `label` empty: 妥当; else the ordered code, and
    `words` a `ReviewOrder` sealed for who decided, the other reviewers and the reviewer.
    """

    id: str
    revision: int
    label: str = ""
    documents: tuple[str, ...] = ()
    words: bytes = b""


class ReviewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The words of a judgement; `handling` as of `ReviewWords`, `None`: it stays as it was."""

    note: str = ""
    handling: str | None = None


class ReviewAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """An objection to an order: `words` is text, sealed for who judges and who objects."""

    id: str
    revision: int
    documents: tuple[str, ...] = ()
    words: bytes


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a review, as the server wrote it down; times are its own (ISO 8601).

    `what`: `valid`, `correct`, `objected`. An empty list of documents never stands here.
    """

    what: str
    person: str
    name: str
    post: str
    at: str
    documents: tuple[str, ...]
    label: str = ""
    words: bytes = b""
    revision: int = 0
    """Of the review, that this step made."""


class ReviewTold(msgspec.Struct, frozen=True, kw_only=True):
    """A review as it stands. `revision` counts its states from 1.

    `state` is the first of `waiting`/`nobody`, `objected`, `correct`, `valid`, `done`, `gone` that
    one of its documents is in. `owner_devices` are those for which an order is sealed.
    """

    id: str
    revision: int
    state: str
    unit: str
    owner: str
    owner_name: str
    label: str
    decided_at: str
    offered_at: str
    members: tuple[ReviewMember, ...]
    words: bytes
    judgements: tuple[Judgement, ...] = ()
    owner_devices: tuple[Reader, ...] = ()
    follows: tuple[str, ...] = ()
    """Ids of the reviews whose orders this decision carried out."""


def words_about(review_id: str, what: str = "words") -> str:
    """Name what a seal is about (`sync.sealed`): `what` is `words`, `order` or `answer`."""
    return f"review:{review_id}:{what}"
