"""Labels of other products that are stored as named properties, whatever the file format.

Microsoft's and LibreOffice's labels are names and values; where they stand differs by format
(`docProps/custom.xml`, `meta.xml`, PDF's Info and XMP), what they say does not. What a label means
for us is the policy's business (Art. 4); here it is read as written.
"""

import re
from collections.abc import Mapping

from meti_desk.formats.base import ForeignLabel

_GUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_MSIP = re.compile(rf"(MSIP_Label_({_GUID})_)(.+)", re.IGNORECASE | re.DOTALL)
_TSCP = re.compile(r"(urn:bails:([^:]+):)(.+)", re.IGNORECASE | re.DOTALL)
_CATEGORY = "BusinessAuthorizationCategory:"
_NONE = "None"
"""What LibreOffice writes for a value that its policy leaves open."""


def of_properties(properties: Mapping[str, str], place: str) -> tuple[ForeignLabel, ...]:
    """Read the labels that other products stored as properties; `place` is kept as it is given.

    Microsoft's (`MSIP_Label_<guid>_*`) counts when its `Enabled` is there and true, as Microsoft's
    own readers have it; its `id` is the GUID in small letters. LibreOffice's (TSCP,
    `urn:bails:<kind>:*`) counts when it names a category; its `id` is the category's identifier,
    else its name. Each other value is in `details` under its name without the prefix.
    """
    found = []
    for guid, values in _grouped(properties, _MSIP).items():
        if is_true(_drop(values, "Enabled")):
            found.append(
                ForeignLabel(
                    scheme="msip", id=guid, owner=guid_of(_drop(values, "SiteId")),
                    name=_drop(values, "Name"), place=place, details=values,
                )
            )  # fmt: skip
    for kind, values in _grouped(properties, _TSCP).items():
        label = _tscp(kind, values, place)
        if label is not None:
            found.append(label)
    return tuple(found)


def prefix_of(name: str) -> str | None:
    """Give what all properties of one foreign label share, folded, or nothing for other names.

    `MSIP_Label_<guid>_` and `urn:bails:<kind>:`; replacing a label replaces all that begins so.
    """
    for pattern in (_MSIP, _TSCP):
        found = pattern.fullmatch(name)
        if found:
            return found[1].casefold()
    return None


def msip_of(properties: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Give what the properties say of Microsoft's labels: GUID -> {`Enabled`: …, `SiteId`: …}."""
    return _grouped(properties, _MSIP)


def superseded(held: Mapping[str, str], wanted: Mapping[str, str]) -> set[str]:
    """Name those of the held properties that go when the wanted ones are written.

    That is all under the same prefix, and of Microsoft's labels the ones of the same tenant: a file
    has at most one of each.
    """
    prefixes = {prefix_of(name) for name in wanted}
    tenants = {tenant_of(values) for values in msip_of(wanted).values()} - {""}
    guids = {guid for guid, values in msip_of(held).items() if tenant_of(values) in tenants}
    prefixes |= {f"msip_label_{guid}_" for guid in guids}
    return {name for name in held if prefix_of(name) in prefixes - {None}}


def tenant_of(values: Mapping[str, str]) -> str:
    """Give the tenant of one of Microsoft's labels, empty where it names none."""
    held = next((value for key, value in values.items() if key.casefold() == "siteid"), "")
    return guid_of(held)


def is_on(values: Mapping[str, str]) -> bool:
    """Tell whether one of Microsoft's labels counts for its readers: `Enabled` is true."""
    return any(key.casefold() == "enabled" and is_true(value) for key, value in values.items())


def guid_of(text: str) -> str:
    """Give a GUID in small letters without its braces; other text as it is."""
    plain = text.strip().strip("{}").lower()
    return plain if re.fullmatch(_GUID, plain) else text.strip()


def is_true(text: str) -> bool:
    """Read a boolean as XML Schema and Microsoft's properties write it."""
    return text.strip().lower() in {"true", "1"}


def _grouped(properties: Mapping[str, str], pattern: re.Pattern[str]) -> dict[str, dict[str, str]]:
    groups: dict[str, dict[str, str]] = {}
    for name, value in properties.items():
        found = pattern.fullmatch(name)
        if found:
            groups.setdefault(found[2].lower(), {}).setdefault(found[3], value)
    return groups


def _drop(values: dict[str, str], name: str) -> str:
    """Take a value out by its name, whose letters' size does not matter."""
    held = next((key for key in values if key.casefold() == name.casefold()), None)
    return "" if held is None else values.pop(held)


def _tscp(kind: str, values: dict[str, str], place: str) -> ForeignLabel | None:
    name = _drop(values, _CATEGORY + "Name")
    identifier = _said(_drop(values, _CATEGORY + "Identifier"))
    if not (identifier or _said(name)):
        return None
    by_id = _said(_drop(values, "PolicyAuthority:Identifier"))
    by_name = _said(_drop(values, "PolicyAuthority:Name"))
    details = {"Kind": kind, **values}
    if by_id and by_name:
        details["PolicyAuthority:Name"] = by_name
    return ForeignLabel(
        scheme="tscp", id=identifier or _said(name), owner=by_id or by_name, name=name, place=place,
        details=details,
    )  # fmt: skip


def _said(text: str) -> str:
    return "" if text.strip() == _NONE else text.strip()
