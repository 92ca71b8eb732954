"""Words of a Word document that are not its text: field codes, links, descriptions, style names."""

from dataclasses import dataclass
from urllib.parse import unquote

from meti_desk.evidence.clues.masking import Blackener
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.xml import (
    Element,
    attribute,
    attributes,
    child,
    find_all,
    remove,
    unwrap,
)

_SHOWN = frozenset({"w:t", "w:delText", "m:t", "a:t", "c:v"})
_CODES = ("w:instrText", "w:delInstrText")
_DESCRIBING = frozenset(
    {
        *("descr", "title", "name", "string", "alt", "tooltip", "w:tooltip", "o:title"),
        *("w:name", "w:anchor", "w:displayText", "w:value", "w:val", "w:instr", "w:docLocation"),
    }
)
_NAMED = frozenset(
    {
        *("w:alias", "w:tag", "w:listItem", "w:lvlText", "w:default", "w:listEntry", "w:helpText"),
        *("w:statusText", "w:caption", "w:title", "w:description", "w:placeholder"),
        *("w:bookmarkStart", "w:hyperlink", "w:tblCaption", "w:tblDescription"),
        *("w:fldSimple", "v:textpath", "v:shape"),
        *("v:rect", "v:oval", "v:line", "v:group", "v:imagedata", "wp:docPr", "pic:cNvPr"),
        *("wps:cNvPr", "wpg:cNvPr", "a:cNvPr", "a:hlinkClick", "a:hlinkHover", "?:cNvPr"),
        *("v:image", "v:fill", "a:tbl", "dgm:pt"),
    }
)
_STYLE_USES = (
    "w:pStyle", "w:rStyle", "w:tblStyle", "w:basedOn", "w:next", "w:link", "w:numStyleLink",
    "w:styleLink",
)  # fmt: skip


@dataclass(slots=True)
class Besides:
    """How many descriptions were cleaned, links cut and fields frozen."""

    described: int = 0
    links: int = 0
    fields: int = 0


def black_rest(package: Package, parts: list[str], words: Blackener, besides: Besides) -> None:
    """Clear the words from all that is not the text of these parts."""
    _rename_styles(package, parts, words, besides)
    for part in parts:
        _black_part(package, part, words, besides)
        _cut_links(package, part, words, besides)


def _rename_styles(package: Package, parts: list[str], words: Blackener, besides: Besides) -> None:
    """Give styles that somebody named after a word another name; those of Word itself stay."""
    renamed: dict[str, str] = {}
    for part in parts:
        for style in find_all(package.xml(part), "w:style"):
            if attribute(style, "w:customStyle") != "1":
                continue
            name, style_id = child(style, "w:name"), attribute(style, "w:styleId") or ""
            if name is not None and words.says(attribute(name, "w:val") or ""):
                _set(name, "w:val", words.black(attribute(name, "w:val") or ""))
                besides.described += 1
                package.touch(part)
            if words.says(style_id):
                renamed.setdefault(style_id, f"Style{len(renamed) + 1}x")
    for part in parts if renamed else ():
        for one in find_all(package.xml(part), "w:style", *_STYLE_USES):
            key = "w:styleId" if short(one.tag) == "w:style" else "w:val"
            if (attribute(one, key) or "") in renamed:
                _set(one, key, renamed[attribute(one, key) or ""])
                package.touch(part)


def _set(one: Element, name: str, value: str) -> None:
    for key, _ in attributes(one):
        if short(key) == name:
            one.attrib[key] = value


def _black_part(package: Package, part: str, words: Blackener, besides: Besides) -> None:
    """Clear field codes and descriptions that hold a word."""
    root = package.xml(part)
    _freeze(package, part, root, words, besides)
    for one in list(root.iter()):
        name = short(one.tag)
        for key, value in attributes(one):
            if name in _NAMED and short(key) in _DESCRIBING and words.says(value):
                if name == "w:fldSimple" and short(key) == "w:instr":
                    unwrap(one)
                    besides.fields += 1
                    break
                one.attrib[key] = words.black(value)
                besides.described += 1
                package.touch(part)
        if name not in _SHOWN and name not in _CODES and one.text and words.says(one.text):
            one.text = words.black(one.text)
            besides.described += 1
            package.touch(part)


def _freeze(package: Package, part: str, root: Element, words: Blackener, besides: Besides) -> None:
    """Turn fields whose code holds a word into what they show."""
    open_: list[tuple[list[Element], list[Element]]] = []
    doomed: list[Element] = []
    for one in find_all(root, "w:fldChar", *_CODES):
        name = short(one.tag)
        kind = attribute(one, "w:fldCharType") if name == "w:fldChar" else ""
        if kind == "begin":
            open_.append(([one], []))
        elif name in _CODES and open_:
            open_[-1][1].append(one)
        elif kind == "separate" and open_:
            open_[-1][0].append(one)
        elif kind == "end" and open_:
            marks, codes = open_.pop()
            if words.says("".join(code.text or "" for code in codes)):
                doomed += [*marks, one, *codes]
                besides.fields += 1
    for one in doomed:
        run = one.getparent()
        remove(one)
        if run is not None and short(run.tag) == "w:r" and child(run, "w:t") is None:
            rest = [other for other in run if short(other.tag) != "w:rPr"]
            if not rest:
                remove(run)
        package.touch(part)


def _cut_links(package: Package, part: str, words: Blackener, besides: Besides) -> None:
    """Cut links to addresses that hold a word; what is shown for them stays."""
    for link in list(package.links(part)):
        address = unquote(link.target) if link.external else ""
        if not (words.says(address) or (link.external and words.says(link.target))):
            continue
        for one in list(package.xml(part).iter()):
            held = [key for key, value in attributes(one) if value == link.id]
            if not any(short(key)[:2] == "r:" for key in held):
                continue
            if short(one.tag) == "w:hyperlink":
                unwrap(one)
            else:
                for key in held:
                    del one.attrib[key]
        package.unlink(part, link)
        package.touch(part)
        besides.links += 1
