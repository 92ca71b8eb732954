"""Tracked changes (変更履歴): accepted or rejected everywhere in a part, as Word would do it."""

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.xml import (
    Element,
    attribute,
    child,
    drop_attribute,
    find_all,
    namespace,
    remove,
    text_of,
    unwrap,
)

_ADDED = frozenset({"w:ins", "w:moveTo"})
_GONE = frozenset({"w:del", "w:moveFrom"})
_CELLS = frozenset({"w:cellIns", "w:cellDel", "w:cellMerge"})
_FORMER = frozenset(
    {
        *("w:rPrChange", "w:pPrChange", "w:sectPrChange", "w:tblPrChange", "w:tblPrExChange"),
        *("w:trPrChange", "w:tcPrChange", "w:tblGridChange", "w:numberingChange"),
    }
)
_RANGES = frozenset(
    f"w:{name}Range{end}"
    for name in (
        *("moveFrom", "moveTo", "customXmlIns", "customXmlDel", "customXmlMoveFrom"),
        "customXmlMoveTo",
    )
    for end in ("Start", "End")
)
REVISIONS = _ADDED | _GONE | _CELLS | _FORMER | _RANGES
_STAYS_IN_PARAGRAPH = frozenset({"w:rPr", "w:sectPr"})
_BETWEEN = frozenset(
    {"w:bookmarkStart", "w:bookmarkEnd", "w:commentRangeStart", "w:commentRangeEnd", "w:proofErr"}
)


def note_revisions(root: Element, place: str, notes: Notes) -> None:
    """Note all tracked changes of a part with their authors."""
    for one in find_all(root, *(REVISIONS - _RANGES)):
        kind = "docx.format-revision" if short(one.tag) in _FORMER else "docx.revision"
        author = attribute(one, "w:author") or ""
        words = text_of(one).strip() if kind == "docx.revision" else ""
        notes.add(kind, place, f"{author}: {words}" if words else author)


def settle(root: Element, *, accept: bool) -> bool:
    """Accept or reject every change of a part; gives whether there were any."""
    changes = list(find_all(root, *REVISIONS))
    merged: list[Element] = []
    for one in changes:
        _settle_one(one, short(one.tag), merged, accept=accept)
    for paragraph in reversed(merged):
        _merge(paragraph)
    if changes:
        _tidy(root)
    return bool(changes)


def _settle_one(one: Element, name: str, merged: list[Element], *, accept: bool) -> None:
    parent = one.getparent()
    if parent is None:
        return
    if name in _RANGES:
        remove(one)
    elif name in _FORMER:
        _settle_former(one, parent, accept=accept)
    elif name in _CELLS:
        _settle_cell(one, name, parent, accept=accept)
    elif short(parent.tag) in {"w:rPr", "w:trPr", "w:numPr", "m:ctrlPr"}:
        goes = (name in _GONE) == accept
        remove(one)
        _settle_marker(parent, merged, goes=goes)
    elif (name in _GONE) == accept:
        remove(one)
    else:
        if name in _GONE:
            _undelete(one)
        unwrap(one)


def _settle_marker(holder: Element, merged: list[Element], *, goes: bool) -> None:
    """Carry out a change of a paragraph mark, a row, a numbering or a run by its marker."""
    owner = holder.getparent()
    if owner is None or not goes:
        return
    name = short(holder.tag)
    above = owner.getparent()
    if name == "w:numPr":
        remove(holder)
    elif name == "w:trPr" or short(owner.tag) == "w:r":
        remove(owner)
    elif short(owner.tag) == "w:pPr" and above is not None and above not in merged:
        merged.append(above)


def _undelete(one: Element) -> None:
    for deleted in find_all(one, "w:delText", "w:delInstrText"):
        name = "t" if short(deleted.tag) == "w:delText" else "instrText"
        deleted.tag = f"{{{namespace(deleted)}}}{name}"


def _settle_former(one: Element, parent: Element, *, accept: bool) -> None:
    """Drop a former formatting, or put it back in place of the present one."""
    former = one[0] if len(one) else None
    remove(one)
    if accept:
        return
    name = short(parent.tag)
    stays = _STAYS_IN_PARAGRAPH if name == "w:pPr" else frozenset[str]()
    if name == "w:sectPr":
        stays = frozenset({"w:headerReference", "w:footerReference"})
    if name in {"w:numPr", "w:r", "w:fldChar"}:
        return
    kept = [other for other in parent if short(other.tag) in stays]
    for other in list(parent):
        remove(other)
    before = [other for other in kept if short(other.tag).endswith("Reference")]
    after = [other for other in kept if other not in before]
    for other in (*before, *(former if former is not None else ()), *after):
        parent.append(other)


def _settle_cell(one: Element, name: str, parent: Element, *, accept: bool) -> None:
    cell = parent.getparent()
    word = namespace(one)
    merge = attribute(one, "w:vMerge" if accept else "w:vMergeOrig")
    remove(one)
    if name == "w:cellMerge":
        for held in find_all(parent, "w:vMerge"):
            remove(held)
        if merge:
            made = parent.makeelement(f"{{{word}}}vMerge", {}, None)
            made.set(f"{{{word}}}val", "restart" if merge == "rest" else "continue")
            _insert_merge(parent, made)
    elif (name == "w:cellDel") == accept and cell is not None:
        remove(cell)


def _insert_merge(properties: Element, made: Element) -> None:
    """Put `vMerge` where the schema wants it: after the first four properties."""
    first = {"w:cnfStyle", "w:tcW", "w:gridSpan", "w:hMerge"}
    at = sum(1 for one in properties if short(one.tag) in first)
    properties.insert(at, made)


def _merge(paragraph: Element) -> None:
    """Join a paragraph whose mark is gone with the next one, whose properties stand."""
    if child(child(paragraph, "w:pPr"), "w:sectPr") is not None:
        return
    following = paragraph.getnext()
    while following is not None and short(following.tag) in _BETWEEN:
        following = following.getnext()
    content = [one for one in paragraph if short(one.tag) != "w:pPr"]
    if following is None or short(following.tag) != "w:p":
        if not content and _may_go(paragraph):
            remove(paragraph)
        return
    properties = child(following, "w:pPr")
    at = 0 if properties is None else following.index(properties) + 1
    for offset, one in enumerate(content):
        following.insert(at + offset, one)
    remove(paragraph)


def _may_go(paragraph: Element) -> bool:
    """Tell whether an empty paragraph may go: its container ends with another one."""
    parent = paragraph.getparent()
    if parent is None:
        return False
    if short(parent.tag) == "w:body":
        return True
    last = [one for one in parent if short(one.tag) == "w:p"]
    return len(last) > 1 and last[-1] is not paragraph


def _tidy(root: Element) -> None:
    """Mend what the removal left: rows without cells, tables without rows, cells without text."""
    for row in find_all(root, "w:tr"):
        if not _has(row, "w:tc", "w:sdt", "w:customXml"):
            remove(row)
    for table in find_all(root, "w:tbl"):
        if not _has(table, "w:tr", "w:sdt", "w:customXml"):
            remove(table)
    for holder in find_all(root, "w:tc", "w:txbxContent", "w:hdr", "w:ftr", "w:footnote"):
        if not _has(holder, "w:p", "w:sdt", "w:customXml", "w:altChunk"):
            holder.append(holder.makeelement(f"{{{namespace(holder)}}}p", {}, None))
    _tidy_empty(root)


def _tidy_empty(root: Element) -> None:
    for link in find_all(root, "w:hyperlink"):
        if not len(link):
            remove(link)
    for one in find_all(root, "w:rPr", "w:trPr"):
        if not len(one) and short(getattr(one.getparent(), "tag", None)) != "w:style":
            remove(one)
    for one in find_all(root, "w:moveFrom", "w:moveTo"):
        drop_attribute(one, "w:author", "w:date")


def _has(element: Element, *names: str) -> bool:
    return any(short(one.tag) in names for one in element)
