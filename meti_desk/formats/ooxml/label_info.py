"""Microsoft's sensitivity labels in `docMetadata/LabelInfo.xml` ([MS-OFFCRYPTO] 2.6.3 to 2.6.5).

The part is the newer of two places; per tenant it counts alone as soon as it names the tenant, even
with a label that was removed. We never create it, but where it is used for a tenant we keep to it.
"""

from collections.abc import Mapping

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import ForeignLabel
from meti_desk.formats.foreign import guid_of, is_on, is_true, tenant_of
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.xml import Element, attributes, namespace, parse

KIND = "classificationlabels"
"""The last word of the relationship's type."""
_DETAILS = {"method": "Method", "contentBits": "ContentBits"}


def label_part(package: Package) -> str | None:
    """Find the part, or nothing."""
    return package.target("", KIND)


def tenants(package: Package) -> set[str]:
    """Name the tenants for which this place counts."""
    return {guid_of(one.get("siteId") or "") for one in _entries(package)} - {""}


def labels(package: Package) -> tuple[ForeignLabel, ...]:
    """Read the labels that are in force: enabled and not removed."""
    return _in_force(_entries(package), label_part(package) or "")


def labels_of_stream(data: bytes, place: str) -> tuple[ForeignLabel, ...]:
    """Read the labels that stand outside of an encrypted document; none where it is no XML."""
    try:
        root = parse(data.rstrip(b"\0 \t\r\n"), place)
    except InvalidInput:
        return ()
    return _in_force([one for one in root if _local(one) == "label"], place)


def _in_force(entries: list[Element], place: str) -> tuple[ForeignLabel, ...]:
    return tuple(
        ForeignLabel(
            scheme="msip",
            id=guid_of(one.get("id") or ""),
            owner=guid_of(one.get("siteId") or ""),
            place=place,
            details={told: str(one.get(name)) for name, told in _DETAILS.items() if one.get(name)},
        )
        for one in entries
        if is_true(one.get("enabled") or "") and not is_true(one.get("removed") or "")
    )


def write(package: Package, guid: str, values: Mapping[str, str]) -> None:
    """Make this the tenant's label; `values` are named as in the properties (`SiteId`, …).

    What the part has no room for (`Name`, `SetDate`) is left out. Attributes stand in the order
    that the specification asks for. A label that is switched off becomes the entry of one that was
    removed, which keeps the place and names the tenant alone.
    """
    part = label_part(package)
    if part is None:
        return
    tenant = tenant_of(values)
    root = package.xml(part)
    held = [one for one in _entries(package) if guid_of(one.get("siteId") or "") == tenant]
    on = is_on(values)
    wanted = {
        "id": f"{{{guid if on else tenant}}}",
        "enabled": "1" if on else "0",
        "method": _value(values, "Method") or "Privileged",
        "siteId": f"{{{tenant}}}",
    }
    if on and _value(values, "ContentBits"):
        wanted["contentBits"] = _value(values, "ContentBits")
    wanted["removed"] = "0" if on else "1"
    if len(held) == 1 and dict(attributes(held[0])) == wanted:
        return
    at = root.index(held[0]) if held else _before_extensions(root)
    for one in held:
        root.remove(one)
    made = root.makeelement(f"{{{namespace(root)}}}label", {}, None)
    for name, value in wanted.items():
        made.set(name, value)
    root.insert(at, made)
    package.touch(part)


def _entries(package: Package) -> list[Element]:
    part = label_part(package)
    if part is None:
        return []
    return [one for one in package.look(part) if _local(one) == "label"]


def _before_extensions(root: Element) -> int:
    named = [_local(one) for one in root]
    return named.index("extLst") if "extLst" in named else len(named)


def _local(element: Element) -> str:
    return short(element.tag).rpartition(":")[2]


def _value(values: Mapping[str, str], name: str) -> str:
    return next((v for key, v in values.items() if key.casefold() == name.casefold()), "")
