"""Taking out of an SVG what is not drawn."""

import hashlib
import re
from collections import Counter
from typing import Any

import msgspec
from lxml import etree

from meti_desk.formats.base import Finding, Removed, ScrubOrder, ScrubReport
from meti_desk.formats.media import svg_css, svg_embedded
from meti_desk.formats.media.cleaner import Cleaner
from meti_desk.formats.media.kinds import (
    SVG_COMMENT,
    SVG_DESCRIPTION,
    SVG_DOCUMENT_TYPE,
    SVG_EDITOR,
    SVG_EMBEDDED,
    SVG_EXTERNAL,
    SVG_METADATA,
    SVG_PATH,
    SVG_SCRIPT,
)
from meti_desk.formats.media.svg_hidden import hidden
from meti_desk.formats.media.svg_names import (
    KNOWN,
    MATH,
    SVG,
    XHTML,
    XLINK,
    XML,
    is_official,
    local,
    remove,
    space,
)

_SCRIPTS = frozenset({"script", "handler", "listener"})
_FETCHING = frozenset({"iframe", "object", "embed", "link", "meta", "base", "video", "audio"})
_ADDRESSES = frozenset({"href", "src"})
_ALWAYS_ELSEWHERE = frozenset({"srcset", "poster", "action", "formaction", "longdesc", "cite"})
_WEB = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_LINK = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_CODE = re.compile(r"\s*(?:java|vb)script:", re.IGNORECASE)
_DATA = re.compile(r"\s*data:", re.IGNORECASE)
_PATH_LIKE = re.compile(r"(?:file:|[A-Za-z]:[\\/]|\\\\|/(?:home|Users|mnt|media|tmp|var)/)")
_DEEPEST = 3


class SvgCleaner(Cleaner):
    """One pass over a drawing; `tree` is changed where something goes."""

    def __init__(self, tree: Any, order: ScrubOrder) -> None:
        super().__init__(order)
        self.tree = tree
        self.changed = False
        self._inner: list[Finding] = []
        self._reports: list[ScrubReport] = []
        self.pictures: list[str] = []

    def found(self, kind: str, place: str, value: bytes | str = "") -> bool:
        """Note something; tells whether it goes."""
        goes = super().found(kind, place, value)
        self.changed |= goes
        return goes

    def findings(self) -> tuple[Finding, ...]:
        """List what was found, in the pictures inside too."""
        return (*super().findings(), *self._inner)

    def report(self) -> ScrubReport:
        """Tell what went and what was left, in the pictures inside too."""
        mine = super().report()
        counts = Counter({one.kind: one.count for one in mine.removed})
        for one in svg_embedded.removed(self._reports):
            counts[one.kind] += one.count
        left = [one for report in self._reports for one in report.left]
        return ScrubReport(
            removed=tuple(Removed(kind, count) for kind, count in sorted(counts.items())),
            left=(*(one for one in super().findings() if one.removal != "removed"), *left),
        )

    def run(self) -> None:
        """Look at everything."""
        root = self.tree.getroot()
        self._prolog(root)
        for node in list(root.iter()):
            if node is root or node.getparent() is not None:
                self._node(node, root)
        self._declared(root)
        for place, value in hidden(root):
            self.found("svg.hidden", place, value)

    def _prolog(self, root: Any) -> None:
        """Look at what stands before and behind the drawing; writing it leaves all of that out."""
        info = self.tree.docinfo
        declared = info.internalDTD is not None and (info.public_id or info.system_url)
        inside = info.internalDTD is not None and any(True for _ in info.internalDTD.iterentities())
        if inside or "[" in info.doctype or (declared and not is_official(self.tree)):
            self.found(SVG_DOCUMENT_TYPE, "DOCTYPE", info.doctype)
        outside = [*root.itersiblings(preceding=True), *root.itersiblings()]
        for node in outside:
            if node.tag is etree.Comment:
                self.found(SVG_COMMENT, "comment", node.text or "")
            elif node.tag is etree.PI:
                kind = SVG_EXTERNAL if node.target == "xml-stylesheet" else SVG_EDITOR
                self.found(kind, node.target, node.text or "")

    def _node(self, node: Any, root: Any) -> None:
        if node.tag is etree.Comment:
            goes = self.found(SVG_COMMENT, "comment", node.text or "")
        elif node.tag is etree.PI:
            goes = self.found(SVG_EDITOR, node.target, node.text or "")
        elif _inside_removed(node, root):
            return
        else:
            goes = node is not root and self._element(node)
        if goes:
            remove(node)
        elif isinstance(node.tag, str):
            self._attributes(node)
            if local(node) == "style":
                self._sheet(node)

    def _element(self, node: Any) -> bool:  # noqa: PLR0911 - one line for each kind
        """Note an element that is not drawn; tells whether it goes with all that is in it."""
        name, where = local(node), space(node)
        told = " ".join("".join(node.itertext()).split())
        if name in _SCRIPTS:
            return self.found(SVG_SCRIPT, name, told or _values(node))
        if where == XHTML and name in _FETCHING:
            self.found(SVG_EXTERNAL, name, _values(node))
            return False
        if where in (XHTML, MATH) and _in_foreign_object(node):
            return False
        if where not in (SVG, ""):
            return self.found(SVG_EDITOR, name, told or _values(node))
        if name == "metadata":
            return self.found(SVG_METADATA, name, told or _values(node))
        if name in ("title", "desc"):
            return self.found(SVG_DESCRIPTION, name, told)
        if name == "foreignObject" and node.get("requiredExtensions"):
            return self.found(SVG_EDITOR, name, told)
        return False

    def _attributes(self, node: Any) -> None:
        for key in list(node.attrib):
            value = node.get(key)
            if self._goes(node, key, value):
                del node.attrib[key]

    def _goes(self, node: Any, key: str, value: str) -> bool:  # noqa: PLR0911 - as above
        """Note an attribute that tells something; tells whether it goes."""
        name = etree.QName(key)
        word, where = name.localname, name.namespace or ""
        if where not in ("", XLINK, XML):
            kind = SVG_PATH if _PATH_LIKE.match(value) else SVG_EDITOR
            return self.found(kind, word, value)
        if where == XML and word == "base":
            return self.found(SVG_EXTERNAL, word, value)
        if where == XLINK and word in ("title", "role", "arcrole"):
            return self.found(SVG_EDITOR, word, value)
        if not where and word.lower().startswith("on"):
            return self.found(SVG_SCRIPT, word, value)
        if not where and word.startswith("data-"):
            return self.found(SVG_EDITOR, word, value)
        if not where and word not in _ADDRESSES and _PATH_LIKE.match(value):
            return self.found(SVG_PATH, word, value)
        if word in _ADDRESSES:
            return self._address(node, key, value.strip())
        if word in _ALWAYS_ELSEWHERE and where == "":
            return self.found(SVG_EXTERNAL, word, value)
        if word == "style" or "url(" in value.lower():
            node.set(key, self._style(value))
        return False

    def _address(self, node: Any, key: str, value: str) -> bool:
        """Look at what an element refers to: itself, a file inside, a link, or elsewhere."""
        name = local(node)
        if value.startswith("#") or not value:
            return False
        if _CODE.match(value):
            return self.found(SVG_SCRIPT, name, value)
        if _DATA.match(value):
            node.set(key, self._embedded(name, value))
            return False
        if name == "a":
            return not _LINK.match(value) and self.found(SVG_PATH, name, value)
        if _WEB.match(value):
            return self.found(SVG_EXTERNAL, name, value)
        return self.found(SVG_PATH, name, value)

    def _style(self, css: str) -> str:
        """Clean a style; what it fetches from elsewhere is told."""
        if svg_css.COMMENT.search(css) and self.found(SVG_COMMENT, "style", css):
            css = svg_css.COMMENT.sub("", css)
        plain = svg_css.without_editor(css)
        if plain != css and self.found(SVG_EDITOR, "style", css):
            css = plain
        for address in svg_css.addresses(css):
            if _DATA.match(address):
                css = css.replace(address, self._embedded("style", address))
            elif address and not address.startswith("#"):
                self.found(SVG_EXTERNAL, "style", address)
        return css

    def _sheet(self, node: Any) -> None:
        css = node.text or ""
        new = self._style(css)
        if new != css:
            node.text = new

    def _embedded(self, place: str, address: str) -> str:
        """Clean a file inside; gives its new address."""
        if svg_embedded.is_font(address):
            return address
        deeper = sum(address.count(word) for word in ("data%3A", "data:")) > _DEEPEST
        inner = None if deeper else svg_embedded.clean(address, self.order)
        if inner is None:
            self.found(SVG_EMBEDDED, place, address[:60])
            return address
        shown = f"{place} {len(self.pictures) + 1}"
        self._inner += [
            msgspec.structs.replace(one, place=f"{shown}: {one.place}") for one in inner.findings
        ]
        self._reports.append(inner.report)
        self.pictures.append(inner.digest)
        self.changed |= inner.address != address
        return inner.address

    def _declared(self, root: Any) -> None:
        """Note the programs whose names are declared; without their data nothing needs them."""
        declared = {
            uri for node in root.iter() if isinstance(node.tag, str)
            for uri in node.nsmap.values() if uri not in KNOWN
        }  # fmt: skip
        goes = [self.found(SVG_EDITOR, "xmlns", uri) for uri in sorted(declared)]
        if any(goes):
            etree.cleanup_namespaces(root)


def _inside_removed(node: Any, root: Any) -> bool:
    """Tell whether something above an element went already."""
    while node is not root:
        node = node.getparent()
        if node is None:
            return True
    return False


def _in_foreign_object(node: Any) -> bool:
    return any(local(one) == "foreignObject" for one in node.iterancestors())


def _values(node: Any) -> str:
    return " ".join(str(one) for one in node.attrib.values())


def digest(tree: Any) -> str:
    """Digest what a drawing shows, SHA-256 in hex: as it is published, pictures by what they show.

    Cleaning for whichever purpose does not change it. The tree given is changed.
    """
    cleaner = SvgCleaner(tree, ScrubOrder("publish"))
    cleaner.run()
    for node in tree.getroot().iter():
        for key, value in node.attrib.items() if isinstance(node.tag, str) else ():
            if "data:image" in value.lower():
                node.set(key, "data:")
            elif etree.QName(key).localname == "style":
                node.set(key, " ".join(value.split()))
    seen = etree.canonicalize(etree.tostring(tree.getroot(), encoding="unicode"), strip_text=True)
    return hashlib.sha256("\0".join((seen, *cleaner.pictures)).encode()).hexdigest()
