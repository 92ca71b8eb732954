"""相談: what has to come before a label that somebody else decided is changed (Art. 7-1)."""

from dataclasses import dataclass

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.patterns import lazily

RESPONSIBLE = "課室情報セキュリティ責任者"
"""Who is consulted (Art. 7-1)."""

_DECLINED = lazily(
    r"(?i)(?:不可|否|不同意|不承認|却下|反対|変更(?:は|を)?(?:不要|不可|しない|認めない)|"
    r"認めない|認められない|見直し不要|no\b|not?\s+agreed|declined|refused|rejected)"
)


@dataclass(frozen=True, slots=True)
class Consultation:
    """A consultation that took place, told by the person who acts: 要確認, like a noted permit."""

    who: str
    when: str
    answer: str


def read_consultation(text: str, *, actor: str) -> Consultation:
    """Read `who, when, answer`; commas may be Japanese, the answer may have more of them.

    Raises `InvalidInput("consult.incomplete")` when a part is missing, and `RuleViolation`:
    `consult.with-oneself` (7-1 asks for another person), `consult.declined` where the answer begins
    with a refusal: then the label stays.
    """
    parts = text.replace("、", ",").replace("，", ",").split(",", 2)
    filled = [part.strip() for part in parts if part.strip()]
    if len(filled) != len(("who", "when", "answer")):
        raise InvalidInput("consult.incomplete", articles=("7-1",))
    told = Consultation(*filled)
    if told.who == actor:
        raise RuleViolation("consult.with-oneself", articles=("7-1",))
    if _DECLINED.match(told.answer):
        raise RuleViolation("consult.declined", articles=("7-1",), who=told.who)
    return told
