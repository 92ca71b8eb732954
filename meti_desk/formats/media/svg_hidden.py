"""What a drawing holds and does not show: switched off, invisible, or defined and never used."""

import re
from collections.abc import Iterator
from typing import Any

from meti_desk.formats.media import svg_css
from meti_desk.formats.media.svg_names import SVG, local, space

_STORES = frozenset(
    {"defs", "symbol", "clipPath", "mask", "marker", "pattern", "linearGradient", "radialGradient",
     "filter", "font", "font-face", "style", "script", "metadata", "title", "desc"}
)  # fmt: skip
_DRAWN = frozenset(
    {"text", "image", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use",
     "foreignObject"}
)  # fmt: skip
_TELLING = frozenset({"text", "image", "foreignObject"})
_ANIMATED = frozenset({"animate", "set"})
_SWITCHED = frozenset({"display", "visibility", "opacity"})
_PROPERTIES = (
    *("display", "visibility", "opacity", "fill", "fill-opacity", "stroke", "stroke-opacity"),
    "font-size",
)
_REFERENCE = re.compile(r"#([^\s\"')]+)")
_TEXTS = frozenset({"text", "tspan", "textPath"})


def hidden(root: Any) -> Iterator[tuple[str, str]]:
    """Give place and words of what is not shown; what an animation shows in time is no secret."""
    sheets = [one.text or "" for one in root.iter() if local(one) == "style"]
    rules = svg_css.rules("\n".join(sheets))
    used = _used(root, sheets)
    stack = [root]
    while stack:
        node = stack.pop()
        if local(node) in _STORES:
            yield from _unused(node, used)
            continue
        if _is_hidden(node, rules) and _holds(node, _DRAWN):
            yield local(node), _words(node)
            continue
        stack.extend(one for one in reversed(node) if space(one) in (SVG, ""))


def _is_hidden(node: Any, rules: dict[str, dict[str, str]]) -> bool:
    style = {name: node.get(name).strip().lower() for name in _PROPERTIES if node.get(name)}
    for one in (node.get("class") or "").split():
        style |= rules.get(f".{one}", {})
    style |= rules.get(f"#{node.get('id')}", {})
    style |= svg_css.declarations(node.get("style") or "")
    if any(local(one) in _ANIMATED and one.get("attributeName") in _SWITCHED for one in node):
        return False
    nothing = node.get("transform", "").replace(" ", "").startswith("scale(0)")
    return nothing or svg_css.hides(style, text=local(node) in _TEXTS)


def _used(root: Any, sheets: list[str]) -> set[str]:
    found: set[str] = set()
    for node in root.iter():
        for value in node.attrib.values() if isinstance(node.tag, str) else ():
            if "#" in value:
                found.update(_REFERENCE.findall(value))
    for sheet in sheets:
        found.update(re.findall(r"url\(\s*['\"]?#([^\s\"')]+)", sheet))
    return found


def _unused(store: Any, used: set[str]) -> Iterator[tuple[str, str]]:
    """Give the texts and pictures of a store that nothing refers to."""
    for node in store.iter():
        if local(node) not in _TELLING:
            continue
        line = [node, *node.iterancestors()]
        above = line[: line.index(store) + 1]
        below = (one for one in node.iter() if isinstance(one.tag, str))
        if not any(one.get("id") in used for one in (*above, *below)):
            yield local(node), _words(node)


def _holds(node: Any, names: frozenset[str]) -> bool:
    return any(local(one) in names for one in node.iter())


def _words(node: Any) -> str:
    texts = (one for one in node.itertext() if isinstance(one, str))
    return " ".join("".join(texts).split()) or str(node.get("id") or "")
