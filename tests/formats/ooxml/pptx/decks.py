"""Makes presentations member by member, so that a test says exactly what is in them."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.formats.ooxml.builder import rels, types, zipped

_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.{}+xml"
MAIN_TYPE = _TYPE.format("presentation.main")
TRANSITIONAL = {
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
STRICT = {
    "p": "http://purl.oclc.org/ooxml/presentationml/main",
    "a": "http://purl.oclc.org/ooxml/drawingml/main",
    "r": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_TREE_HEAD = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
)

_CLOCK = re.compile(rb'(<a:fld\b[^>]*\btype=")datetime\d*(")')


@dataclass
class Slide:
    """One slide: its shapes, and further relationships as (id, kind, target from ppt/slides)."""

    shapes: str = ""
    attributes: str = ""
    after: str = ""
    """What follows the tree's end inside `p:sld` (`p:timing`, …)."""
    tail: str = ""
    """What stands last in the tree (`p:extLst`)."""
    notes: str | None = None
    links: Sequence[tuple[str, str, str]] = field(default_factory=tuple)
    whole: str | bytes | None = None


def text_shape(
    text: str, number: int = 2, *, ph: str = "", y: int | None = None, name: str = "Text"
) -> str:
    """Make a shape with a paragraph for each line; `ph` makes it a placeholder of that type."""
    kind = f'<p:ph type="{ph}"/>' if ph else ""
    at = "" if y is None else f'<a:xfrm><a:off x="0" y="{y}"/><a:ext cx="99" cy="300000"/></a:xfrm>'
    lines = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("\n"))
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr txBox="1"/>'
        f"<p:nvPr>{kind}</p:nvPr></p:nvSpPr><p:spPr>{at}</p:spPr>"
        f"<p:txBody><a:bodyPr/>{lines}</p:txBody></p:sp>"
    )


def picture(link: str, number: int = 9) -> str:
    """Make a picture shape."""
    return (
        f'<p:pic><p:nvPicPr><p:cNvPr id="{number}" name="p"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr>'
        f'<p:blipFill><a:blip r:embed="{link}"/></p:blipFill><p:spPr/></p:pic>'
    )


def part(root: str, inner: str, spaces: Mapping[str, str], attributes: str = "") -> str:
    """Make a slide, layout, master or notes page around a shape tree's content."""
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<p:{root} {declared} '
        f'xmlns:mc="{MC}"{attributes}>{inner}</p:{root}>'
    )


def tree(shapes: str, tail: str = "") -> str:
    """Make the shape tree with the head that the schema asks for."""
    return f"<p:cSld><p:spTree>{_TREE_HEAD}{shapes}{tail}</p:spTree></p:cSld>"


def deck(
    *slides: Slide,
    strict: bool = False,
    size: tuple[int, int] | None = (9144000, 6858000),
    layout: str = "",
    master: str = "",
    main_type: str = MAIN_TYPE,
    more: Mapping[str, str | bytes] | None = None,
) -> io.BytesIO:
    """Make a presentation; `layout` and `master` are the shapes of the only ones there are."""
    names = STRICT if strict else TRANSITIONAL
    r = names["r"]
    overrides = {"ppt/presentation.xml": main_type}
    members: dict[str, str | bytes] = {"[Content_Types].xml": ""}
    members["_rels/.rels"] = rels(("rId1", r + "/officeDocument", "ppt/presentation.xml"))
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="s{n}"/>' for n in range(1, len(slides) + 1))
    sized = "" if size is None else f'<p:sldSz cx="{size[0]}" cy="{size[1]}"/>'
    members["ppt/presentation.xml"] = part(
        "presentation", f"<p:sldIdLst>{ids}</p:sldIdLst>{sized}", names
    )
    members["ppt/_rels/presentation.xml.rels"] = rels(
        *((f"s{n}", r + "/slide", f"slides/slide{n}.xml") for n in range(1, len(slides) + 1))
    )
    members["ppt/slideLayouts/slideLayout1.xml"] = part("sldLayout", tree(layout), names)
    members["ppt/slideLayouts/_rels/slideLayout1.xml.rels"] = rels(
        ("m", r + "/slideMaster", "../slideMasters/slideMaster1.xml")
    )
    members["ppt/slideMasters/slideMaster1.xml"] = part("sldMaster", tree(master), names)
    for number, one in enumerate(slides, start=1):
        name = f"ppt/slides/slide{number}.xml"
        overrides[name] = _TYPE.format("slide")
        made = part("sld", tree(one.shapes, one.tail) + one.after, names, one.attributes)
        members[name] = made if one.whole is None else one.whole
        links = [("l", r + "/slideLayout", "../slideLayouts/slideLayout1.xml")]
        links += [(i, f"{r}/{kind}", target) for i, kind, target in one.links]
        if one.notes is not None:
            links.append(("n", r + "/notesSlide", f"../notesSlides/notes{number}.xml"))
            members[f"ppt/notesSlides/notes{number}.xml"] = part("notes", tree(one.notes), names)
        members[f"ppt/slides/_rels/slide{number}.xml.rels"] = rels(*links)
    members.update(more or {})
    members["[Content_Types].xml"] = types(overrides, {"png": "image/png", "mp4": "video/mp4"})
    return zipped(members)


def clock_stopped(file: io.BytesIO) -> bytes:
    """Give a presentation that shows the time it was saved with, not the time it is printed at.

    Two printings differ otherwise wherever that time goes on between them. What holds no such
    field stays byte for byte as it is.
    """
    with zipfile.ZipFile(file) as box:
        members = [(info, box.read(info)) for info in box.infolist()]
    if not any(_CLOCK.search(data) for _, data in members):
        return file.getvalue()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for info, data in members:
            box.writestr(info.filename, _CLOCK.sub(rb"\1saved\2", data))
    return out.getvalue()
