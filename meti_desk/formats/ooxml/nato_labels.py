"""NATO's confidentiality labels (STANAG 4774), bound to a document by STANAG 4778, in OOXML.

They stand as XML among the custom parts of the package. Parts of that kind hold anything; one that
is no well-formed XML, or no label, is passed over.
"""

from collections.abc import Iterator

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import ForeignLabel
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.xml import Element, parse, text_of

_LABEL = "urn:nato:stanag:4774:confidentialitymetadatalabel:"
_BINDING = "urn:nato:stanag:4778:bindinginformation:"
_FOLDER = "customxml/"
_LARGEST = 4 << 20
_SHOWN = ("PrivacyMark", "CreationDateTime")


def labels(package: Package) -> tuple[ForeignLabel, ...]:
    """Read the labels; `id` is the policy and the classification, `NATO/SECRET`.

    `details` name the kind (`originator` or `alternative`), privacy mark, categories by tag, dates,
    and what the label is bound to (`DataReference`, empty for the whole document).
    """
    found = []
    for part in _candidates(package):
        if package.size(part) > _LARGEST:
            continue
        data = package.data(part)
        if _LABEL.encode() not in data.replace(b"\0", b""):
            continue
        try:
            root = parse(data, part)
        except InvalidInput:
            continue
        found += [label for one in root.iter() if (label := _label(one, part)) is not None]
    return tuple(found)


def _candidates(package: Package) -> Iterator[str]:
    names = [n for n in package.original_names if n.casefold().startswith(_FOLDER)]
    linked = [link.target for link in package.links() if not link.external]
    linked += package.targets(package.main(), "customXml")
    for name in dict.fromkeys((*names, *linked)):
        held = package.find(name)
        if held is not None and held.casefold().endswith(".xml"):
            yield held


def _label(element: Element, part: str) -> ForeignLabel | None:
    """Read one label; nothing for elements that are none."""
    if _name(element) != (_LABEL, "ConfidentialityInformation"):
        return None
    holder = element.getparent()
    policy, level = _text(element, "PolicyIdentifier"), _text(element, "Classification")
    if not (policy or level):
        return None
    details = {"Kind": "alternative" if _is_alternative(holder) else "originator"}
    for where in (element, holder):
        for name in _SHOWN:
            value = "" if where is None else _text(where, name)
            if value:
                details[name] = value
    if holder is not None and holder.get("ReviewDateTime"):
        details["ReviewDateTime"] = str(holder.get("ReviewDateTime"))
    details |= dict(_categories(element)) | _bound(element)
    return ForeignLabel(
        scheme="nato", id=f"{policy}/{level}", owner=policy, name=level, place=part, details=details
    )


def _categories(information: Element) -> Iterator[tuple[str, str]]:
    for one in information:
        if _name(one)[1] == "Category":
            values = [text_of(inner).strip() for inner in one if _name(inner)[1] == "GenericValue"]
            yield f"Category:{one.get('TagName') or ''}", ", ".join(values)


def _bound(element: Element) -> dict[str, str]:
    """Tell what a 4778 binding ties the label to."""
    for one in element.iterancestors():
        if _name(one) == (_BINDING, "MetadataBinding"):
            targets = [str(i.get("URI") or "") for i in one if _name(i)[1] == "DataReference"]
            return {"DataReference": ", ".join(targets)}
    return {}


def _is_alternative(holder: Element | None) -> bool:
    return holder is not None and _name(holder)[1].casefold().startswith("alternative")


def _text(holder: Element, name: str) -> str:
    return next((text_of(one).strip() for one in holder if _name(one)[1] == name), "")


def _name(element: Element) -> tuple[str, str]:
    """Give the namespace without its version, and the local name."""
    tag = element.tag
    if not isinstance(tag, str) or not tag.startswith("{"):
        return "", tag if isinstance(tag, str) else ""
    space, _, local = tag[1:].partition("}")
    for known in (_LABEL, _BINDING):
        if space.startswith(known):
            return known, local
    return space, local
