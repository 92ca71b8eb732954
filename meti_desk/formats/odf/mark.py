"""What the visible marks (明示, Art. 5) of all kinds of OpenDocument have in common.

A mark is recognised by its name (`jp.go.meti.mark`, in text documents and on slides) or, in the
page header of a workbook, which keeps no names, by its style or its canonical form.
"""

import re
from collections.abc import Iterable, Iterator

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import OWN_PREFIX
from meti_desk.formats.odf.names import declarations, full
from meti_desk.formats.odf.splice import Part, escaped
from meti_desk.formats.odf.xml import Element, child, find_all, get, name_of

MARK_NAME = OWN_PREFIX + "mark"
_BESIDE = frozenset({"svg:title", "svg:desc", "draw:enhanced-geometry"})
HEADERS = ("style:header", "style:header-left", "style:header-first", "loext:header-first")
FOOTERS = ("style:footer", "style:footer-left", "style:footer-first", "loext:footer-first")
REGIONS = ("style:region-left", "style:region-center", "style:region-right")
TEXT_STYLE = OWN_PREFIX + "text"
_CONTROL = full("loext:content-control")

_CANONICAL = re.compile(
    r"\s*機密性\s*[1-3]\s*情報\s*[（(]\s*完全性\s*[12]\s*・\s*可用性\s*[12]\s*[）)].{0,200}"
)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACING = {"text:tab": "\t", "text:line-break": "\n"}
_PIECES = re.compile(r"\t|\n|^ | $|(?<= ) | (?=[\t\n])|(?<=[\t\n]) ")


def check(text: str) -> None:
    """Refuse what XML cannot hold: `InvalidInput("mark.text-not-storable")`."""
    if _NOT_XML.search(text):
        raise InvalidInput("mark.text-not-storable")


def mark_content(text: str) -> str:
    """Write text as the content of a paragraph, so that every space in it is kept."""
    made = []
    at = 0
    for found in _PIECES.finditer(text):
        made.append(escaped(text[at : found.start()]))
        made.append({"\t": "<text:tab/>", "\n": "<text:line-break/>"}.get(found[0], "<text:s/>"))
        at = found.end()
    return "".join(made) + escaped(text[at:])


def mark_text(element: Element) -> str:
    """Read the text of a mark back, as `mark_content` wrote it."""
    made = [element.text or ""]
    for one in element:
        name = name_of(one)
        if name == "text:s":
            count = get(one, "text:c")
            made.append(" " * (min(int(count), 1000) if count.isascii() and count.isdigit() else 1))
        elif name in _SPACING:
            made.append(_SPACING[name])
        elif name:
            made.append(mark_text(one))
        made.append(one.tail or "")
    return "".join(made)


def text_properties(points: float) -> str:
    """Give what makes text look like a mark whatever stands around it: plain black.

    No `text:display`: LibreOffice hides text of files from before ODF 1.2 whatever its value is.
    """
    sizes = "".join(
        f' {name}="{points:g}pt"'
        for name in ("fo:font-size", "style:font-size-asian", "style:font-size-complex")
    )
    return (
        f'<style:text-properties fo:color="#000000"{sizes} fo:font-weight="normal"'
        ' style:font-weight-asian="normal" fo:font-style="normal" style:font-style-asian="normal"'
        ' style:text-underline-style="none" style:text-line-through-style="none"'
        ' style:text-outline="false" fo:text-shadow="none" fo:text-transform="none"'
        ' fo:letter-spacing="normal" style:text-position="0% 100%" style:text-scale="100%"'
        ' fo:background-color="transparent"/>'
    )


def is_frame(element: Element) -> bool:
    """Tell whether an element is a frame of ours: one box with a single line in it.

    By its name; or, where a Word document of ours was converted, by the content control in it,
    which has kept its tag or at least the mark in its canonical form. The box of a presentation of
    ours is a shape after its conversion, and has kept its name.
    """
    if name_of(element) != "draw:frame":
        return _is_shape(element)
    shown_in = [one for one in element if name_of(one) not in {"svg:title", "svg:desc"}]
    if len(shown_in) != 1 or name_of(shown_in[0]) != "draw:text-box" or len(shown_in[0]) != 1:
        return False
    line = shown_in[0][0]
    if name_of(line) != "text:p" or not _only_words(line):
        return False
    if get(element, "draw:name").startswith(MARK_NAME):
        return True
    control = line[0] if len(line) == 1 else None
    if control is None or control.tag != _CONTROL:
        return False
    return get(control, "loext:tag") == MARK_NAME or bool(_CANONICAL.fullmatch(mark_text(line)))


def _is_shape(element: Element) -> bool:
    lines = [one for one in element if name_of(one) not in _BESIDE]
    return (
        name_of(element) == "draw:custom-shape"
        and get(element, "draw:name").startswith(MARK_NAME)
        and len(lines) == 1
        and name_of(lines[0]) == "text:p"
        and _only_words(lines[0])
    )


def _only_words(paragraph: Element) -> bool:
    known = {"text:span", "text:s", "text:tab", "text:line-break", "text:soft-page-break", ""}
    return all(name_of(one) in known or one.tag == _CONTROL for one in paragraph.iterdescendants())


def frames(root: Element | None) -> list[Element]:
    """Find our frames where we put them: in the headers of a text document, on slides."""
    found = []
    for one in find_all(root, "draw:frame", "draw:custom-shape"):
        if not is_frame(one):
            continue
        holders = {name_of(up) for up in one.iterancestors()}
        parent = one.getparent()
        on_slide = parent is not None and name_of(parent) == "draw:page"
        if on_slide or holders & set(HEADERS):
            found.append(one)
    return found


def is_line(paragraph: Element) -> bool:
    """Tell whether a paragraph in a workbook's header is our mark."""
    if name_of(paragraph) != "text:p" or not _only_words(paragraph):
        return False
    spans = [one for one in paragraph if name_of(one) == "text:span"]
    if len(paragraph) == len(spans) == 1 and get(spans[0], "text:style-name") == TEXT_STYLE:
        return not (paragraph.text or "").strip() and not (spans[0].tail or "").strip()
    return bool(_CANONICAL.fullmatch(mark_text(paragraph)))


def lines(root: Element | None) -> list[Element]:
    """Find our marks in the headers of a workbook: at the right."""
    found = []
    for region in find_all(root, "style:region-right"):
        parent = region.getparent()
        if parent is not None and name_of(parent) in HEADERS:
            found += [one for one in region if is_line(one)]
    return found


def is_shown(element: Element | None) -> bool:
    """Tell whether a header or footer is switched on."""
    return element is not None and get(element, "style:display") != "false"


def is_kept(element: Element) -> bool:
    """Tell whether a header is one that was switched off and is kept for later."""
    parent = element.getparent()
    return parent is not None and name_of(parent) == "meti:off"


def shown(master: Element, kinds: tuple[str, ...], *, text: bool) -> list[Element]:
    """Give the headers, or footers, that pages of a style show; none when switched off.

    The left and the first ones are shown only beside the one for all pages. That one LibreOffice
    shows in text documents even where `style:display` says no.
    """
    main = child(master, kinds[0])
    if main is None or not (text or is_shown(main)):
        return []
    return [
        one for one in master if name_of(one) in kinds and (is_shown(one) or (text and one is main))
    ]


def masters(part: Part | None) -> list[Element]:
    """Give the master pages (page styles)."""
    held = None if part is None else child(part.root, "office:master-styles")
    return [] if held is None else [one for one in held if name_of(one) == "style:master-page"]


class Sheet:
    """Adds automatic styles and master pages to a part, making their holders where missing."""

    def __init__(self, part: Part) -> None:
        """Read which styles are there."""
        self.part = part
        self.automatic = child(part.root, "office:automatic-styles")
        self.styles = child(part.root, "office:styles")
        self.master_styles = child(part.root, "office:master-styles")
        held: Iterable[Element] = () if self.automatic is None else self.automatic
        self.names = {get(one, "style:name") for one in held if name_of(one)}
        self._styles: list[str] = []
        self._masters: list[str] = []

    def style(self, name: str, xml: str) -> str:
        """Add a style unless one of that name is there; give the name."""
        if name not in self.names:
            self.names.add(name)
            self._styles.append(xml)
        return name

    def master(self, xml: str) -> None:
        """Add a master page."""
        self._masters.append(xml)

    def flush(self) -> None:
        """Order the changes."""
        self._put(self.automatic, "office:automatic-styles", self._styles)
        self._put(self.master_styles, "office:master-styles", self._masters)

    def _put(self, holder: Element | None, name: str, pieces: list[str]) -> None:
        if not pieces:
            return
        if holder is not None:
            self.part.edits.append(holder, "".join(pieces))
            return
        made = f"<{name}{declarations('office')}>{''.join(pieces)}</{name}>"
        following = self.master_styles if name == "office:automatic-styles" else None
        if following is None:
            following = child(self.part.root, "office:body")
        if following is None:
            self.part.edits.append(self.part.root, made)
        else:
            self.part.edits.before(following, made)


def own_styles(part: Part | None) -> Iterator[Element]:
    """Give the automatic styles that we added."""
    held = None if part is None else child(part.root, "office:automatic-styles")
    for one in () if held is None else held:
        if name_of(one) and get(one, "style:name").startswith(OWN_PREFIX):
            yield one


def drop_styles(part: Part | None) -> None:
    """Take our automatic styles away."""
    for one in own_styles(part):
        assert part is not None  # noqa: S101 - there were styles in it
        part.edits.remove(one)
