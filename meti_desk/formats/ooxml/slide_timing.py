"""Animations of a slide: which shapes they move, and taking out those of a shape that goes."""

from collections.abc import Collection

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.xml import Element, child, find_all, remove

_BUILDS = ("p:bldP", "p:bldGraphic", "p:bldDgm", "p:bldOleChart")
_MEDIA = frozenset({"p:video", "p:audio"})
_EMPTIES = frozenset({"p:childTnLst", "p:subTnLst", "p:bldLst", "p:tnLst"})


def animated(root: Element) -> frozenset[str]:
    """Give the ids of the shapes that an animation of the slide names."""
    return frozenset(one.get("spid") or "" for one in find_all(root, "p:spTgt"))


def drop_animations(root: Element, ids: Collection[str], *, media_only: bool = False) -> None:
    """Take out the effects on shapes that are gone, and what becomes empty by it.

    With `media_only` the shapes stay, and only the playing of their sound or film goes.
    """
    for target in find_all(root, "p:spTgt"):
        if target.get("spid") in ids:
            effect = _effect_of(target, media_only=media_only)
            if effect is not None:
                _drop(effect)
    for one in () if media_only else find_all(root, *_BUILDS):
        if one.get("spid") in ids:
            _drop(one)
    timing = child(root, "p:timing")
    if timing is not None and not len(timing):
        remove(timing)


def _effect_of(target: Element, *, media_only: bool) -> Element | None:
    """Find what plays the effect: the film's or sound's node, an effect, or a triggered row."""
    for one in target.iterancestors():
        name = short(one.tag)
        if name in _MEDIA:
            return one
        timed = child(one, "p:cTn") if name in {"p:par", "p:seq"} else None
        if timed is None:
            continue
        if name == "p:seq":
            return one if timed.get("nodeType") == "interactiveSeq" and not media_only else None
        if timed.get("presetClass"):
            return one if not media_only or timed.get("presetClass") == "mediacall" else None
    return None


def _drop(one: Element) -> None:
    """Remove a node and all holders that it leaves without content."""
    holder = one.getparent()
    remove(one)
    while holder is not None and short(holder.tag) in _EMPTIES and not len(holder):
        owner = holder.getparent()
        remove(holder)
        if owner is None or short(owner.tag) != "p:cTn":
            return
        node = owner.getparent()
        if node is None or short(node.tag) not in {"p:par", "p:seq"}:
            return
        holder = node.getparent()
        remove(node)
