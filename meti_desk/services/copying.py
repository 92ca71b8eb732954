"""A second readable file: what has to allow it before one is written (Arts. 9, 10-4)."""

from meti_desk.domain.circumstances import Action, Circumstances
from meti_desk.domain.errors import RuleViolation
from meti_desk.domain.handling import measures_for
from meti_desk.domain.label import Undecided
from meti_desk.domain.measures import refusal
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts


def check_second_file(ctx: Context, facts: Facts) -> None:
    """Refuse to write a second file of what may not be copied, or only with approval.

    For commands that make a file beside the original without a permit: scrub, protect, a labelled
    copy. `handle` goes by all measures and takes permits. Raises `RuleViolation`:
    `copy.needs-approval` for 機密性3 (Art. 10-4), and what 複製禁止 and 複製要許可 raise.
    """
    label = facts.label if facts.label is not None else Undecided()
    about = Circumstances(
        place=str(facts.path.parent.resolve()),
        today=ctx.clock.now().date(),
        digest=facts.inspection.digest,
    )
    found = measures_for(Action.COPY, label, about, ctx.policy)
    if any(one.id == "copy-approval" and not one.met for one in found):
        raise RuleViolation("copy.needs-approval", articles=("10-4",))
    refused = refusal([one for one in found if one.id.startswith("restriction:")])
    if refused is not None:
        raise refused
