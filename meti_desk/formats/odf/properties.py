"""User-defined properties in `meta.xml`, where a label lives in OpenDocument.

Only our own keys are touched, and those of other products' labels where one is set; everything
else stays as written, to the byte.
"""

import re
from collections.abc import Collection, Mapping

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import OWN_PREFIX, LabelOrder, own_properties
from meti_desk.formats.foreign import prefix_of, superseded
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


def write_own(
    file: OdfFile, properties: Mapping[str, str], others: Mapping[str, str] | None = None
) -> None:
    """Make our properties exactly these, and set those of other products' labels.

    What those replace goes (`formats.foreign.superseded`); all else stays. Raises
    `InvalidInput("label.text-not-storable", key=…)` for characters that XML cannot hold and
    `InvalidInput("label.foreign-key", key=…)` for a key that is neither ours nor another label's.
    """
    _check(properties, others or {})
    wanted = {**properties, **(others or {})}
    custom = read_custom(file)
    concerned = superseded(custom, others or {}) | {k for k in custom if k.startswith(OWN_PREFIX)}
    held = {name: custom[name] for name in concerned}
    if held == wanted and not _doubled(file, concerned):
        return
    part = file.made(META)
    seen: set[str] = set()
    for one in _entries(part):
        name = get(one, "meta:name")
        if name not in concerned:
            continue
        if name in seen or name not in wanted:
            part.edits.remove(one)
        elif _text(one) != wanted[name]:
            part.edits.replace(one, _entry(name, wanted[name]))
        seen.add(name)
    new = "".join(_entry(k, v) for k, v in wanted.items() if k not in seen)
    if new:
        _append(part, new)
    if not wanted and _only_ours(part):
        file.drop(META)


def written(file: OdfFile, order: LabelOrder) -> bool:
    """Tell whether a document says of labels what was ordered, ours and others'."""
    held = read_custom(file)
    said = {name: held[name] for name in superseded(held, order.foreign)}
    return own_properties(held) == order.properties and said == order.foreign


def _entries(part: Part) -> list[Element]:
    meta = child(part.root, "office:meta")
    return [] if meta is None else [one for one in meta if name_of(one) == "meta:user-defined"]


def _doubled(file: OdfFile, concerned: Collection[str]) -> bool:
    part = file.part(META)
    names = [] if part is None else [get(one, "meta:name") for one in _entries(part)]
    ours = [name for name in names if name in concerned]
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


def _check(own: Mapping[str, str], others: Mapping[str, str]) -> None:
    for key, value in (*own.items(), *others.items()):
        if not key.startswith(OWN_PREFIX) if key in own else prefix_of(key) is None:
            raise InvalidInput("label.foreign-key", key=_printable(key))
        if _NOT_XML.search(key) or _NOT_XML.search(value):
            raise InvalidInput("label.text-not-storable", key=_printable(key))


def _printable(key: str) -> str:
    return key.encode("ascii", "backslashreplace").decode()
