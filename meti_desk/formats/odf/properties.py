"""User-defined properties in `meta.xml`, where a label lives in OpenDocument.

Only our own keys are touched; everything else stays as written, to the byte.
"""

import re
from collections.abc import Mapping

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import OWN_PREFIX
from meti_desk.formats.odf.names import declarations
from meti_desk.formats.odf.package import OdfFile, is_new_part
from meti_desk.formats.odf.splice import Part, escaped
from meti_desk.formats.odf.xml import Element, child, get, name_of

META = "meta.xml"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_custom(file: OdfFile) -> dict[str, str]:
    """Read all user-defined properties as text, ours and others'."""
    part = file.part(META)
    if part is None:
        return {}
    return {get(one, "meta:name"): _text(one) for one in _entries(part)}


def read_core(file: OdfFile) -> list[str]:
    """Read what a person may have typed a mark into: title, subject, keywords, description."""
    part = file.part(META)
    meta = None if part is None else child(part.root, "office:meta")
    wanted = {"dc:title", "dc:subject", "meta:keyword", "dc:description"}
    return [] if meta is None else [_text(one) for one in meta if name_of(one) in wanted]


def write_own(file: OdfFile, properties: Mapping[str, str]) -> None:
    """Make our properties exactly these.

    Raises `InvalidInput("label.text-not-storable", key=…)` for characters that XML cannot hold and
    `InvalidInput("label.foreign-key", key=…)` for a key that is not ours.
    """
    _check(properties)
    held = {k: v for k, v in read_custom(file).items() if k.startswith(OWN_PREFIX)}
    if held == dict(properties) and not _doubled(file):
        return
    part = file.made(META)
    seen: set[str] = set()
    for one in _entries(part):
        name = get(one, "meta:name")
        if not name.startswith(OWN_PREFIX):
            continue
        if name in seen or name not in properties:
            part.edits.remove(one)
        elif _text(one) != properties[name]:
            part.edits.replace(one, _entry(name, properties[name]))
        seen.add(name)
    new = "".join(_entry(k, v) for k, v in properties.items() if k not in seen)
    if new:
        _append(part, new)
    if not properties and _only_ours(part):
        file.drop(META)


def _entries(part: Part) -> list[Element]:
    meta = child(part.root, "office:meta")
    return [] if meta is None else [one for one in meta if name_of(one) == "meta:user-defined"]


def _doubled(file: OdfFile) -> bool:
    part = file.part(META)
    names = [] if part is None else [get(one, "meta:name") for one in _entries(part)]
    ours = [name for name in names if name.startswith(OWN_PREFIX)]
    return len(ours) != len(set(ours))


def _text(element: Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def _entry(name: str, value: str) -> str:
    return (
        f'<meta:user-defined{declarations("meta")} meta:name="{escaped(name)}">'
        f"{escaped(value)}</meta:user-defined>"
    )


def _append(part: Part, new: str) -> None:
    meta = child(part.root, "office:meta")
    if meta is not None:
        part.edits.append(meta, new)
    else:
        part.edits.prepend(part.root, f"<office:meta{declarations('office')}>{new}</office:meta>")


def _only_ours(part: Part) -> bool:
    """Tell whether a part is one that we made and that has become empty again."""
    return is_new_part(part.name, part.result())


def _check(properties: Mapping[str, str]) -> None:
    for key, value in properties.items():
        if not key.startswith(OWN_PREFIX):
            raise InvalidInput("label.foreign-key", key=_printable(key))
        if _NOT_XML.search(key) or _NOT_XML.search(value):
            raise InvalidInput("label.text-not-storable", key=_printable(key))


def _printable(key: str) -> str:
    return key.encode("ascii", "backslashreplace").decode()
