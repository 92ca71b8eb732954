"""Labels of other products that go into a document beside ours, where policy says so (Art. 4)."""

from datetime import UTC

from meti_desk.domain import foreign
from meti_desk.domain.label import Label
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts

_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def to_write(ctx: Context, facts: Facts, label: Label, *, tscp: bool) -> dict[str, str]:
    """Give the properties of other products' labels that this label goes with.

    Microsoft's where policy maps our label to one. What a tenant that the policy writes for said
    before is switched off where nothing takes its place: it would speak for what is no longer true.
    Where in the file they stand is the family's business, as is that a tenant has one label only.
    """
    policy = ctx.policy
    tenants = {one.owner.casefold() for one in policy.foreign_labels if one.write}
    rule = foreign.rule_to_write(policy.foreign_labels, label, policy.vocabulary)
    written: dict[str, str] = {}
    for one in facts.inspection.foreign:
        replaced = rule is not None and one.owner.casefold() == rule.owner.casefold()
        if one.scheme == "msip" and one.owner.casefold() in tenants and not replaced:
            written |= foreign.msip_off(one.id, one.owner)
    if rule is not None:
        moment = ctx.clock.now().astimezone(UTC).strftime(_MOMENT)
        written |= foreign.msip_properties(rule, moment)
    if tscp:
        category = policy.marks.confidentiality[label.confidentiality - 1]
        written |= foreign.tscp_properties(label, category, policy.ministry)
    return written
