"""Labels of other products that go into a document beside ours, where policy says so (Art. 4)."""

from datetime import UTC

from meti_desk.domain import foreign
from meti_desk.domain.label import Label
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts

ELSEWHERE = "foreign.kept-elsewhere"
"""Note: Microsoft's label stands in a part of its own and was left as it is."""

_OWN_PART = "LabelInfo"
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def to_write(
    ctx: Context, facts: Facts, label: Label, *, tscp: bool
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Give the properties of other products' labels, and notes.

    Microsoft's where policy maps our label to one. An older label of the same tenant is switched
    off, also where no rule fits any more: it would speak for what is no longer true. Where a file
    keeps Microsoft's labels in a part of their own, there is none beside it.
    """
    rules = ctx.policy.foreign_labels
    tenants = {one.owner.casefold() for one in rules if one.write}
    held = [
        one
        for one in facts.inspection.foreign
        if one.scheme == "msip" and one.owner.casefold() in tenants
    ]
    written = foreign.tscp_properties(
        label, ctx.policy.marks.confidentiality[label.confidentiality - 1], ctx.policy.ministry
    ) if tscp else {}  # fmt: skip
    rule = foreign.rule_to_write(rules, label, ctx.policy.vocabulary)
    if any(_OWN_PART in one.place for one in held):
        return written, (ELSEWHERE,)
    others = [one.id for one in held]
    if rule is None:
        return written | foreign.msip_off(others), ()
    moment = ctx.clock.now().astimezone(UTC).strftime(_MOMENT)
    return written | foreign.msip_properties(rule, moment, others), ()
