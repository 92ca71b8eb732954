"""Custom document properties (`docProps/custom.xml`), where a label lives in OOXML.

Only our own keys are touched; properties of others keep their ids, types and order.
"""

import re
from collections.abc import Collection, Mapping

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import OWN_PREFIX
from meti_desk.formats.foreign import prefix_of
from meti_desk.formats.ooxml.names import OFFICE_RELATIONSHIPS, STRICT_RELATIONSHIPS, short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.xml import Element, child, namespace, parse, remove, text_of

FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_PART = "docProps/custom.xml"
_FIRST_ID = 2
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold: control characters, lone surrogates."""

_TRANSITIONAL = (
    OFFICE_RELATIONSHIPS + "/custom-properties",
    "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
    "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
)
_STRICT = (
    STRICT_RELATIONSHIPS + "/customProperties",
    "http://purl.oclc.org/ooxml/officeDocument/customProperties",
    "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes",
)


def custom_part(package: Package) -> str | None:
    """Find the part with custom properties, or nothing."""
    return package.target("", "custom-properties")


def read_custom(package: Package) -> dict[str, str]:
    """Read all custom properties as text, ours and others'."""
    part = custom_part(package)
    if part is None:
        return {}
    return {
        str(one.get("name") or ""): text_of(one)
        for one in package.look(part)
        if isinstance(one.tag, str)
    }


def write_own(package: Package, properties: Mapping[str, str]) -> None:
    """Make our properties exactly these; others stay as they are. Raises as `write_properties`."""
    write_properties(package, properties)


def write_properties(
    package: Package,
    own: Mapping[str, str],
    others: Mapping[str, str] | None = None,
    gone: Collection[str] = (),
) -> None:
    """Make our properties exactly these, set those of other labels and take away what they replace.

    All else stays as it is. Raises `InvalidInput("label.text-not-storable", key=…)` for characters
    that XML cannot hold (control characters, lone surrogates) and
    `InvalidInput("label.foreign-key", key=…)` for a key that is neither ours nor another label's.
    """
    wanted = {**own, **(others or {})}
    _check(own, others or {})
    part = custom_part(package)
    if part is None:
        if not wanted:
            return
        part = _create(package)
    root = package.xml(part)
    before = {str(one.get("name")): one for one in root if isinstance(one.tag, str)}
    replaced = {name for name in before if name.startswith(OWN_PREFIX)} | {*gone} & set(before)
    replaced |= set(wanted) & set(before)
    if wanted == {name: text_of(before[name]) for name in replaced}:
        return
    for name in replaced - set(wanted):
        remove(before[name])
    for name, value in wanted.items():
        _put(root, before.get(name), name, value)
    if len(root):
        package.touch(part)
    else:
        drop_part(package, part)


def _check(own: Mapping[str, str], others: Mapping[str, str]) -> None:
    for key, value in (*own.items(), *others.items()):
        if not key.startswith(OWN_PREFIX) if key in own else prefix_of(key) is None:
            raise InvalidInput("label.foreign-key", key=_printable(key))
        if NOT_XML.search(key) or NOT_XML.search(value):
            raise InvalidInput("label.text-not-storable", key=_printable(key))


def _printable(key: str) -> str:
    return key.encode("ascii", "backslashreplace").decode()


def drop_part(package: Package, part: str) -> None:
    """Remove a part together with the package relationships that name it."""
    for link in list(package.links()):
        if link.target == part:
            package.unlink("", link)
    package.drop(part)


def _create(package: Package) -> str:
    relationship, space, types = _STRICT if package.strict() else _TRANSITIONAL
    root = parse(f'<Properties xmlns="{space}" xmlns:vt="{types}"/>'.encode(), _PART)
    name = _PART
    number = 2
    while package.find(name) is not None:
        name = f"docProps/custom{number}.xml"
        number += 1
    package.add_xml(name, root, _CONTENT_TYPE)
    package.add_link("", relationship, name)
    return name


def _put(root: Element, entry: Element | None, name: str, value: str) -> None:
    if entry is None:
        taken = [int(p) for one in root if (p := str(one.get("pid") or "")).isdigit()]
        entry = root.makeelement(f"{{{namespace(root)}}}property", {}, None)
        entry.set("fmtid", FORMAT_ID)
        entry.set("pid", str(max([_FIRST_ID - 1, *taken]) + 1))
        entry.set("name", name)
        root.append(entry)
    holder = child(entry, "vt:lpwstr")
    if holder is None:
        for one in list(entry):
            entry.remove(one)
        strict = namespace(root) == _STRICT[1]
        types = _STRICT[2] if strict else _TRANSITIONAL[2]
        holder = entry.makeelement(f"{{{types}}}lpwstr", {}, {"vt": types})
        entry.append(holder)
    holder.text = value


def read_core(package: Package) -> dict[str, str]:
    """Read the core and extended properties by local name: `creator`, `title`, `Company`."""
    found: dict[str, str] = {}
    for part in package.targets("", "core-properties", "extended-properties"):
        for one in package.look(part):
            name = short(one.tag).partition(":")[2]
            text = text_of(one).strip()
            if name and text:
                found.setdefault(name, text)
    return found
