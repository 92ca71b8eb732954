"""The visible mark (明示, Art. 5) in Word documents: at the top right of every page.

The mark stands in a frame that is anchored to the page, in a content control tagged
`jp.go.meti.mark`, once in every header that some page shows. A frame takes no room in the text, so
that no line moves to another page; the control stands inside the frame's paragraph, because
LibreOffice gives a control around the paragraph a line of its own. Marking again replaces the text.
"""

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.container import damaged
from meti_desk.formats.ooxml.names import (
    OFFICE_RELATIONSHIPS,
    STRICT_RELATIONSHIPS,
    STRICT_WORD,
    WORD,
    XML,
    short,
)
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.sections import (
    Section,
    even_and_odd,
    last_section,
    sections,
    shown_headers,
)
from meti_desk.formats.ooxml.xml import (
    Element,
    attribute,
    child,
    find_all,
    namespace,
    parse,
    remove,
    text_of,
)

MARK_TAG = "jp.go.meti.mark"
_HEADER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
_FROM_TOP = 340
"""Twips (6 mm) between the paper's edge and the mark."""
_HALF_POINTS = 18
_FILLER_TWIPS = 20
"""Height of the empty line that a header made by us needs (1 pt)."""

_ROOM_TWIPS = 320
"""What a header of one such line may take at most, with the gap that programs keep below it."""


def write_mark(package: Package, text: str) -> int:
    """Put the mark on every page and give the number of sections; `""` removes our mark.

    Raises `InvalidInput("mark.text-not-storable")` for text that XML cannot hold.
    """
    if not text:
        remove_mark(package)
        return 0
    for kind in _kinds_to_add(package):
        _add_header(package, kind)
    parts = dict.fromkeys(part for part in shown_headers(package).values() if part)
    for part in parts:
        _mark_part(package, part, text)
    for part in package.targets(package.main(), "header"):
        if part not in parts:
            _take_from(package, part)
    return len(sections(package))


def _kinds_to_add(package: Package) -> list[str]:
    if not sections(package):
        last_section(package)
        package.touch(package.main())
    missing = {kind for (_, kind), part in shown_headers(package).items() if part is None}
    return [kind for kind in ("default", "first", "even") if kind in missing]


def _add_header(package: Package, kind: str) -> None:
    """Give the kind a header where pages would show none; later sections inherit it as before."""
    main = package.main()
    package.xml(main)  # from here on it is changed
    found = sections(package)
    even = even_and_odd(package)
    held: str | None = None
    part = ""
    for section in found:
        own = section.headers.get(kind)
        held = own[1] if own else held
        needed = kind == "default" or (kind == "first" and section.title_page)
        if held is not None or not (needed or (kind == "even" and even)):
            continue
        part = part or _new_part(package)
        link_type = STRICT_RELATIONSHIPS if package.strict() else OFFICE_RELATIONSHIPS
        held = part
        _refer(section, kind, package.add_link(main, link_type + "/header", part))
    _make_room(package, part)
    package.touch(main)


def _refer(section: Section, kind: str, link_id: str) -> None:
    element = section.element
    word = namespace(element)
    strict = word == STRICT_WORD
    own = section.headers.get(kind)
    if own is None:
        reference = element.makeelement(f"{{{word}}}headerReference", {}, None)
        element.insert(0, reference)
        reference.set(f"{{{word}}}type", kind)
    else:
        reference = own[0]
    r = STRICT_RELATIONSHIPS if strict else OFFICE_RELATIONSHIPS
    reference.set(f"{{{r}}}id", link_id)


def _make_room(package: Package, part: str) -> None:
    """Move our empty header up where it would push the text down (a small top margin)."""
    shown = shown_headers(package)
    for number, section in enumerate(sections(package)):
        # Only when every header of the section is ours: the distance is shared by all kinds.
        parts = {held for (at, _), held in shown.items() if at == number}
        margins = child(section.element, "w:pgMar")
        if margins is None or any(p and not _made_by_us(package, p) for p in parts - {part}):
            continue
        top = _twips(attribute(margins, "w:top"), 1440)
        room = _twips(attribute(margins, "w:header"), 720)
        if 0 <= top < room + _ROOM_TWIPS:
            margins.set(f"{{{namespace(margins)}}}header", str(max(0, top - _ROOM_TWIPS)))


def _twips(text: str | None, default: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return default


def _new_part(package: Package) -> str:
    number = 1
    folder = package.main().rpartition("/")[0]
    base = f"{folder}/" if folder else ""
    while package.find(f"{base}headerMeti{number}.xml") is not None:
        number += 1
    name = f"{base}headerMeti{number}.xml"
    word = STRICT_WORD if package.strict() else WORD
    root = parse(
        (
            f'<w:hdr xmlns:w="{word}"><w:p><w:pPr><w:spacing w:before="0" w:after="0" '
            f'w:line="{_FILLER_TWIPS}" w:lineRule="exact"/><w:rPr><w:sz w:val="2"/></w:rPr>'
            "</w:pPr></w:p></w:hdr>"
        ).encode(),
        name,
    )
    package.add_xml(name, root, _HEADER_TYPE)
    return name


def _mark_part(package: Package, part: str, text: str) -> None:
    root = package.xml(part)
    if short(root.tag) != "w:hdr":
        raise damaged("header", member=part)
    wanted = _block(namespace(root), text)
    held = own_marks(root)
    if len(held) == 1 and _same(held[0], wanted):
        return
    place = _place(root)
    for one in held:
        remove(one)
    root.insert(root.index(place) if place is not None else 0, wanted)
    package.touch(part)


def _same(one: Element, two: Element) -> bool:
    """Compare two marks as trees; prefixes do not matter."""
    return (
        one.tag == two.tag
        and sorted(one.attrib.items()) == sorted(two.attrib.items())
        and (one.text or "").strip() == (two.text or "").strip()
        and len(one) == len(two)
        and all(_same(a, b) for a, b in zip(one, two, strict=True))
    )


def _place(root: Element) -> Element | None:
    """Find the paragraph that the frame is put before: a plain one, since frames run together."""
    for one in root:
        if short(one.tag) == "w:p" and not _is_frame(one):
            return one
    return None


def _block(word: str, text: str) -> Element:
    end = "end" if word == STRICT_WORD else "right"
    source = (
        f'<w:p xmlns:w="{word}"><w:pPr>'
        '<w:framePr w:wrap="none" w:vAnchor="page" w:hAnchor="margin" w:xAlign="right" '
        f'w:y="{_FROM_TOP}"/><w:spacing w:before="0" w:beforeAutospacing="0" w:after="0" '
        'w:afterAutospacing="0" w:line="240" w:lineRule="auto"/>'
        f'<w:ind w:firstLine="0"/><w:jc w:val="{end}"/></w:pPr>'
        f'<w:sdt><w:sdtPr><w:alias w:val="格付"/><w:tag w:val="{MARK_TAG}"/></w:sdtPr>'
        '<w:sdtContent><w:r><w:rPr><w:color w:val="000000"/>'
        f'<w:sz w:val="{_HALF_POINTS}"/><w:szCs w:val="{_HALF_POINTS}"/></w:rPr>'
        "<w:t/></w:r></w:sdtContent></w:sdt></w:p>"
    )
    root = parse(source.encode(), MARK_TAG)
    (holder,) = find_all(root, "w:t")
    holder.set(f"{{{XML}}}space", "preserve")
    try:
        holder.text = text
    except ValueError as bad:
        raise InvalidInput("mark.text-not-storable") from bad
    return root


def own_marks(root: Element) -> list[Element]:
    """Find what carries our mark in a part: the frame, or the bare control if others moved it."""
    found = []
    for control in find_all(root, "w:sdt"):
        if not is_own_mark(control):
            continue
        frame = control.getparent()
        alone = frame is not None and all(
            one is control or short(one.tag) == "w:pPr" for one in frame
        )
        found.append(frame if alone and frame is not None and _is_frame(frame) else control)
    return found


def _is_frame(element: Element) -> bool:
    return short(element.tag) == "w:p" and child(child(element, "w:pPr"), "w:framePr") is not None


def is_own_mark(control: Element) -> bool:
    """Tell whether a content control is our mark; only in a header, where we put it."""
    tag = child(child(control, "w:sdtPr"), "w:tag")
    if tag is None or attribute(tag, "w:val") != MARK_TAG:
        return False
    holders = {short(one.tag) for one in control.iterancestors()}
    return not holders or "w:hdr" in holders


def remove_mark(package: Package) -> int:
    """Take our mark out of every header, and the headers away that only carried it."""
    count = 0
    for part in package.targets(package.main(), "header"):
        count += _take_from(package, part)
    return count


def _take_from(package: Package, part: str) -> int:
    root = package.xml(part)
    held = own_marks(root)
    if not held:
        return 0
    ours = _made_by_us(package, part)
    for one in held:
        remove(one)
    package.touch(part)
    if ours:
        _drop_header(package, part)
    return len(held)


def _made_by_us(package: Package, part: str) -> bool:
    """Recognise a header that holds nothing but our mark and our 1 pt line."""
    root = package.xml(part)
    carriers = own_marks(root)
    rest = [one for one in root if one not in carriers]
    if len(rest) != 1 or short(rest[0].tag) != "w:p" or text_of(rest[0]).strip():
        return False
    spacing = child(child(rest[0], "w:pPr"), "w:spacing")
    return (
        spacing is not None
        and attribute(spacing, "w:line") == str(_FILLER_TWIPS)
        and attribute(spacing, "w:lineRule") == "exact"
        and next(find_all(rest[0], "w:r"), None) is None
    )


def _drop_header(package: Package, part: str) -> None:
    main = package.main()
    links = [link for link in package.links(main) if link.target == part]
    ids = {link.id for link in links}
    for one in find_all(package.xml(main), "w:headerReference"):
        if attribute(one, "r:id") in ids:
            remove(one)
            package.touch(main)
    for link in links:
        package.unlink(main, link)
    package.drop(part)
