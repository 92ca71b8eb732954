"""Traces in the XML of a presentation: ids, foreign extensions, tags, names, data of programs."""

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.paths import has_path
from meti_desk.formats.ooxml.xml import Element, attribute, find_all, namespace, remove

_IDS = frozenset({"creationId", "modId", "rowId", "colId", "uniqueId", "predDERef", "cNvPrId"})
_STATE = frozenset({"sldGuideLst", "notesGuideLst"})
_REMARKS = frozenset({"commentRel", "taskHistoryDetails", "tasks"})
_KNOWN = (
    "http://schemas.microsoft.com/",
    "http://schemas.openxmlformats.org/",
    "http://purl.oclc.org/ooxml/",
    "http://www.w3.org/",
    "urn:schemas-microsoft-com:",
)
_SOUNDS = ("a:snd", "a:wavAudioFile", "p:snd")
_BOOKMARK = "Bookmark "
_NO_TIME = "1970-01-01T00:00:00"


def clean_traces(root: Element, place: str, notes: Notes, *, morph: bool) -> None:
    """Take the traces out of one part.

    With `morph` the ids of shapes stay: a change of slides finds by them what becomes what.
    """
    _extensions(root, place, notes, morph=morph)
    _data_lists(root, notes)
    _charts(root, place, notes)
    _media(root, place, notes)
    _links(root, place, notes)
    _ink(root, place, notes)
    if short(root.tag) == "p:sld":
        for one in find_all(root, "p:cSld"):
            name = one.get("name")
            if name and notes.add("pptx.slide-name", place, name):
                del one.attrib["name"]


def _extensions(root: Element, place: str, notes: Notes, *, morph: bool) -> None:
    for one in list(root.iter("{*}ext")):
        if one.get("uri") is None:
            continue  # the size of a shape has the same name
        inner = next((held for held in one if isinstance(held.tag, str)), None)
        if inner is not None and _goes(inner, one, place, notes, morph=morph):
            drop_extension(one)
    for one in list(root.iter("{*}imgProps")):
        holder = one.getparent()
        if notes.add("pptx.picture-original", place) and holder is not None:
            drop_extension(holder)


def _goes(inner: Element, ext: Element, place: str, notes: Notes, *, morph: bool) -> bool:
    local = short(inner.tag).partition(":")[2]
    if local in _IDS:
        keeps = morph and local == "creationId"
        return notes.add("pptx.morph-id" if keeps else "pptx.id", place)
    if local in _STATE:
        return notes.add("pptx.editing-state", place, local)
    if local in _REMARKS:
        return notes.goes("pptx.comment")
    if local.startswith("filtered"):
        told = "".join(str(text) for text in ext.itertext())
        return notes.add("pptx.hidden-series", place, told)
    if not namespace(inner).startswith(_KNOWN):
        told = f"{ext.get('uri')} {''.join(str(text) for text in ext.itertext())}"
        return notes.add("pptx.markup", place, told)
    return False


def tidy(package: Package, part: str) -> None:
    """Mend what is left: extensions that lost what they held, charts that name no workbook."""
    root = package.xml(part)
    for one in list(root.iter("{*}externalData")):
        if package.by_id(part, link_of(one)) is None:
            remove(one)
    for one in list(root.iter("{*}ext")):
        if one.get("uri") is not None and not len(one):
            drop_extension(one)


def drop_extension(one: Element) -> None:
    """Remove an extension, and the list that it leaves empty."""
    holder = one.getparent()
    remove(one)
    if holder is not None and short(holder.tag).endswith(":extLst") and not len(holder):
        remove(holder)


def _data_lists(root: Element, notes: Notes) -> None:
    """Drop the mentions of tags and data that programs tied to slides and shapes."""
    for one in find_all(root, "p:tags"):
        if notes.goes("pptx.tag"):
            remove(one)
    for one in find_all(root, "p:custData", "p:smartTags"):
        if notes.goes("pptx.custom-xml"):
            remove(one)
    for one in find_all(root, "p:custDataLst"):
        if not len(one):
            remove(one)


def _charts(root: Element, place: str, notes: Notes) -> None:
    for one in find_all(root, "c:printSettings"):
        words = "".join(str(text) for text in one.itertext())
        if notes.add("pptx.printer-settings", place, words):
            remove(one)
    for one in find_all(root, "c:pivotSource"):
        words = " ".join("".join(str(text) for text in one.itertext()).split())
        if notes.add("pptx.path", place, words):
            remove(one)


def _media(root: Element, place: str, notes: Notes) -> None:
    """Give bookmarks in films and sounds names that say nothing; tell of cut parts."""
    renamed: dict[str, str] = {}
    for number, one in enumerate(root.iter("{*}bmk"), start=1):
        name, plain = one.get("name") or "", f"{_BOOKMARK}{number}"
        if name != plain and notes.add("pptx.bookmark", place, name):
            renamed[name] = plain
            one.set("name", plain)
    for one in root.iter("{*}bmkTgt"):
        name = one.get("bmkName") or ""
        one.set("bmkName", renamed.get(name, name))
    for one in root.iter("{*}trim"):
        if {one.get("st") or "0", one.get("end") or "0"} - {"0", "0.0"}:
            notes.add("pptx.trimmed-media", place)


def _links(root: Element, place: str, notes: Notes) -> None:
    for one in find_all(root, *_SOUNDS):
        name = one.get("name") or ""
        if "." in name and notes.add("pptx.path", place, name):
            del one.attrib["name"]
    for one in find_all(root, "a:hlinkClick", "a:hlinkHover", "a:hlinkMouseOver"):
        action = one.get("action") or ""
        if action.startswith("ppaction://macro"):
            notes.add("pptx.macro", place, action)
        if "slidetitle=" in action and notes.add("pptx.path", place, action):
            one.set("action", action.partition("&slidetitle=")[0].partition("slidetitle=")[0])
        tooltip = one.get("tooltip") or ""
        if tooltip and not has_path(tooltip):
            notes.add("pptx.tooltip", place, tooltip)


def _ink(root: Element, place: str, notes: Notes) -> None:
    """Take out of ink what was recognised in it and when it was drawn; the strokes stay."""
    for one in list(root.iter("{http://www.w3.org/2003/InkML}annotationXML")):
        if notes.add("pptx.ink-data", place, "".join(str(text) for text in one.itertext())):
            remove(one)
    for one in root.iter("{http://www.w3.org/2003/InkML}timestamp"):
        time = one.get("timeString") or ""
        if time not in {"", _NO_TIME} and notes.add("pptx.ink-data", place, time):
            one.set("timeString", _NO_TIME)


def has_morph(package: Package, part: str) -> bool:
    """Tell whether a slide appears by a change that moves the shapes of the slide before."""
    data = package.data(part)
    if b"morph" not in data and b"\0" not in data:
        return False
    return next(package.xml(part).iter("{*}morph"), None) is not None


def told_of(one: Element) -> str:
    """Give the attributes of an element to be shown."""
    return " ".join(value for value in (str(held) for held in one.attrib.values()) if value)


def link_of(one: Element) -> str:
    """Give the relationship id that an element mentions."""
    return attribute(one, "r:id") or ""
