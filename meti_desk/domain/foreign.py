"""格付 of other products <-> our label, as policy maps them (Art. 4); pure.

Microsoft's label is a GUID of a tenant, LibreOffice's (TSCP) a category of an authority, NATO's a
classification of a policy. What the policy does not know means nothing here: the document is then
undecided, never C1.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.label import Label, at_least_as_strict
from meti_desk.domain.restriction import Vocabulary

Scheme = Literal["msip", "tscp", "nato"]

AUTOMATIC = "standard"
"""Microsoft's `Method` of a label that nobody chose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignRule:
    """One label of another product and what it means here.

    `id` is the label's GUID (msip), the category's identifier or name (tscp), policy and
    classification (nato); `owner` the tenant's GUID or the authority, empty for any. `write`:
    documents that get our label carry this one too (msip only, with tenant and name).
    """

    scheme: Scheme
    id: str
    owner: str = ""
    name: str = ""
    c: int
    i: int = 1
    a: int = 1
    restrictions: tuple[str, ...] = ()
    write: bool = False

    def label(self, vocabulary: Vocabulary) -> Label:
        """Give our label; restrictions are words of the policy, which it has checked."""
        known = (vocabulary.get(name) for name in self.restrictions)
        return Label(
            Confidentiality(self.c), Integrity(self.i), Availability(self.a),
            frozenset(one for one in known if one is not None),
        )  # fmt: skip


def rule_for(
    rules: Iterable[ForeignRule], scheme: str, label_id: str, owner: str
) -> ForeignRule | None:
    """Find what policy says of a label; a rule that names its owner goes before one that does not.

    The same GUID in another tenant is another label.
    """
    fits = [one for one in rules if one.scheme == scheme and _same(one.id, label_id)]
    owned = [one for one in fits if one.owner and _same(one.owner, owner)]
    return next(iter([*owned, *(one for one in fits if not one.owner)]), None)


def is_automatic(details: Mapping[str, str]) -> bool:
    """Tell whether no person chose the label (Microsoft's `Method` is `Standard`)."""
    return any(k.casefold() == "method" and v.casefold() == AUTOMATIC for k, v in details.items())


def rule_to_write(
    rules: Iterable[ForeignRule], label: Label, vocabulary: Vocabulary
) -> ForeignRule | None:
    """Find the label of another product that ours is written as: of its 機密性, saying most.

    Never one that says more than ours, and never one of another 機密性.
    """
    fits = [
        one
        for one in rules
        if one.write
        and one.c == label.confidentiality
        and at_least_as_strict(label, one.label(vocabulary))
    ]
    return max(fits, key=lambda one: (len(one.restrictions), one.i + one.a), default=None)


def msip_properties(rule: ForeignRule, moment: str) -> dict[str, str]:
    """Write Microsoft's properties; `moment` is in UTC, like 2026-11-20T00:30:00Z.

    `ContentBits` is 0: header and footer are not marked by Microsoft's programs.
    """
    values = {
        "Enabled": "true",
        "SetDate": moment,
        "Method": "Privileged",
        "Name": rule.name,
        "SiteId": rule.owner.lower(),
        "ContentBits": "0",
    }
    return _msip(rule.id, values)


def msip_off(label_id: str, owner: str) -> dict[str, str]:
    """Switch one of Microsoft's labels off: a reader passes over what is not enabled."""
    return _msip(label_id, {"Enabled": "false", "SiteId": owner.lower()})


def _msip(label_id: str, values: Mapping[str, str]) -> dict[str, str]:
    return {f"MSIP_Label_{label_id.lower()}_{name}": value for name, value in values.items()}


_TSCP = "urn:bails:IntellectualProperty:"
_LEVELS = ("Confidentiality", "Integrity", "Availability")


def tscp_properties(label: Label, category: str, authority: str) -> dict[str, str]:
    """Write the label as LibreOffice's document classification reads it (TSCP, BAILS).

    `category` is our mark's word (機密性2情報), `authority` the ministry. The levels of impact are
    ours: 1 to 3 and 1 to 2.
    """
    levels = (label.confidentiality, label.integrity, label.availability)
    return {
        f"{_TSCP}PolicyAuthority:Name": authority,
        f"{_TSCP}BusinessAuthorizationCategory:Name": category,
        f"{_TSCP}BusinessAuthorizationCategory:Identifier": f"C{label.confidentiality:d}",
        f"{_TSCP}Impact:Scale": "METI",
    } | {
        f"{_TSCP}Impact:Level:{name}": f"{level:d}"
        for name, level in zip(_LEVELS, levels, strict=True)
    }


def own_tscp(owner: str, details: Mapping[str, str], authority: str) -> Label | None:
    """Read back what `tscp_properties` wrote, which no rule is needed for; else `None`.

    LibreOffice carries it along where our own properties may be lost.
    """
    read = [details.get(f"Impact:Level:{name}", "") for name in _LEVELS]
    if not _same(owner, authority) or details.get("Impact:Scale") != "METI":
        return None
    try:
        c, i, a = map(int, read)
        return Label(Confidentiality(c), Integrity(i), Availability(a))
    except ValueError:
        return None


def _same(one: str, two: str) -> bool:
    return one.strip("{} ").casefold() == two.strip("{} ").casefold()
