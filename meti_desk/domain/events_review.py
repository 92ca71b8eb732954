"""Events of 確認 (Art. 4-2): the labels that were offered, how they were judged and answered.

Who decided records what was offered, withdrawn and answered; who judges records the judgement. The
words stay in 取扱記録 of each; what goes to the server is sealed (`sync.reviews`).
"""

from collections.abc import Mapping, Sequence

from meti_desk.domain.events import LABEL, REASON, TITLE, Body

REVIEW = "review"
DOCUMENTS = "documents"
COUNT = "count"
WHAT = "what"
OWNER = "owner"


def review_body(
    *, review: str, documents: Sequence[str], title: str, what: str,
    label: Mapping[str, object] | None = None, reason: str = "", owner: str = "",
) -> Body:  # fmt: skip
    """Write a step of a review: `what` is `offered`, `sealed`, `valid`, `correct`, `answered`, ….

    `title` is that of the first document, `label` the one that was decided, or that is ordered;
    `reason` the reviewer's note or the owner's answer; `owner` who decided, where that is another.
    """
    body: Body = {
        REVIEW: review, DOCUMENTS: list(documents), COUNT: len(documents), TITLE: title, WHAT: what,
    }  # fmt: skip
    if label:
        body[LABEL] = dict(label)
    if reason:
        body[REASON] = reason
    if owner:
        body[OWNER] = owner
    return body
