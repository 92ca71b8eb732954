"""Taking 付加情報 out of a PDF's objects (classes 5, 6, 9, 11, 12, 15).

Of the catalogue, the pages and the pictures only what a reader needs is carried over, so that a
private entry nobody has heard of goes too. What is inside the page's drawing stays, but comments.
"""

import re
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from meti_desk.formats.pdf.content import parsed, streams_of
from meti_desk.formats.pdf.graph import bad_action, containers, entry, is_local, told
from meti_desk.formats.pdf.imagemeta import media_only
from meti_desk.formats.pdf.images import picture_data, set_picture_data

Keeps = Callable[[str], bool]
"""Tells whether the person wants a kind of finding to stay."""

_TRAILER = ("/Root", "/Info", "/ID", "/Size")
_CATALOGUE = frozenset(
    {
        "/Type",
        "/Version",
        "/Extensions",
        "/Pages",
        "/PageLabels",
        "/Names",
        "/Dests",
        "/ViewerPreferences",
        "/PageLayout",
        "/PageMode",
        "/Outlines",
        "/StructTreeRoot",
        "/MarkInfo",
        "/Lang",
        "/OutputIntents",
        "/OCProperties",
        "/URI",
    }
)
_PAGE = frozenset(
    {
        "/Type",
        "/Parent",
        "/Resources",
        "/MediaBox",
        "/CropBox",
        "/BleedBox",
        "/TrimBox",
        "/ArtBox",
        "/BoxColorInfo",
        "/Contents",
        "/Rotate",
        "/Group",
        "/Annots",
        "/Tabs",
        "/StructParents",
        "/UserUnit",
        "/Dur",
        "/Trans",
    }
)
_STREAM = {"/Type", "/Subtype", "/Length", "/Filter", "/DecodeParms", "/OC", "/StructParent"}
_IMAGE = frozenset(
    _STREAM
    | {
        "/Width",
        "/Height",
        "/ColorSpace",
        "/BitsPerComponent",
        "/Intent",
        "/ImageMask",
        "/Mask",
        "/Decode",
        "/Interpolate",
        "/SMask",
        "/SMaskInData",
        "/Name",
        "/Matte",
    }
)
_FORM = frozenset(
    _STREAM | {"/FormType", "/BBox", "/Matrix", "/Resources", "/Group", "/StructParents", "/Name"}
)
_ELEMENT = frozenset(
    {
        "/Type",
        "/S",
        "/P",
        "/K",
        "/Pg",
        "/A",
        "/C",
        "/R",
        "/Lang",
        "/Alt",
        "/E",
        "/ActualText",
        "/ID",
        "/NS",
        "/Ref",
        "/Phoneme",
    }
)
_OUTLINE = frozenset(
    {
        "/Type",
        "/Title",
        "/Parent",
        "/Prev",
        "/Next",
        "/First",
        "/Last",
        "/Count",
        "/Dest",
        "/A",
        "/SE",
        "/C",
        "/F",
    }
)
_ANYWHERE = (
    ("/PieceInfo", "pdf.private-data"),
    ("/LastModified", "pdf.private-data"),
    ("/Metadata", "pdf.object-metadata"),
    ("/Thumb", "pdf.thumbnail"),
    ("/AF", "pdf.attachment"),
    ("/AA", "pdf.action"),
    ("/OPI", "pdf.private-data"),
    ("/CreatorInfo", "pdf.private-data"),
    ("/DPM", "pdf.private-data"),
    ("/XFA", "pdf.form-value"),
)
_WITH_ACTION = ("/A", "/PA", "/OpenAction")
_OF_NAMES = ("/Dests",)


def clean(pdf: pikepdf.Pdf, keeps: Keeps) -> None:
    """Take out all that is not wanted, everywhere it can be reached from."""
    if not keeps("pdf.private-data"):
        for key in [key for key in pdf.trailer.keys() if key not in _TRAILER]:  # noqa: SIM118
            del pdf.trailer[key]
    _clean_catalogue(pdf, keeps)
    for page in pdf.pages:
        _only(page.obj, _PAGE, keeps)
        _without_comments(pdf, page)
    for one in containers(pdf):
        _clean_anywhere(pdf, one, keeps)
        if isinstance(one, Stream):
            _clean_stream(one, keeps)
        elif "/S" in one and "/P" in one and one.get("/Type", Name.StructElem) == Name.StructElem:
            _clean_element(one, keeps)
        elif "/Title" in one and "/Parent" in one:
            _only(one, _OUTLINE, keeps)


def _only(holder: Any, wanted: frozenset[str], keeps: Keeps) -> None:
    """Leave only known entries in a dictionary."""
    if keeps("pdf.private-data"):
        return
    for key in [key for key in holder.keys() if key not in wanted]:  # noqa: SIM118 - no dict
        if not (key == "/Metadata" and keeps("pdf.object-metadata")):
            del holder[key]


def _clean_names(root: Any, keeps: Keeps) -> None:
    """Leave of the name trees those of destinations."""
    names = entry(root, "/Names", Dictionary)
    if names is not None:
        own = [*_OF_NAMES, *(["/EmbeddedFiles"] if keeps("pdf.attachment") else [])]
        own += ["/JavaScript"] if keeps("pdf.javascript") else []
        for key in [key for key in names if key not in own]:
            del names[key]
        if not list(names.keys()):
            del root["/Names"]


def _clean_catalogue(pdf: pikepdf.Pdf, keeps: Keeps) -> None:
    root: Any = pdf.Root
    _clean_names(root, keeps)
    wanted = set(_CATALOGUE) | {"/Metadata"}
    if keeps("pdf.form-value"):
        wanted.add("/AcroForm")
    if keeps("pdf.attachment"):
        wanted |= {"/AF", "/Collection"}
    elif root.get("/PageMode") == Name.UseAttachments:
        del root["/PageMode"]
    action = root.get("/OpenAction")
    plain = isinstance(action, Array) or (
        isinstance(action, Dictionary) and action.get("/S") == Name.GoTo
    )
    if plain:
        wanted.add("/OpenAction")
    for key in [key for key in root.keys() if key not in wanted]:  # noqa: SIM118 - no dict
        del root[key]
    layers = entry(root, "/OCProperties", Dictionary)
    for config in [entry(layers, "/D", Dictionary)] if layers is not None else []:
        if config is not None and "/Creator" in config:
            del config["/Creator"]


def _clean_anywhere(pdf: pikepdf.Pdf, one: Any, keeps: Keeps) -> None:
    root = one.is_indirect and one.objgen == pdf.Root.objgen
    for key, kind in _ANYWHERE:
        if key in one and not keeps(kind) and not (root and key == "/Metadata"):
            del one[key]
    for key in _WITH_ACTION:
        action = entry(one, key, Dictionary)
        if action is None or "/S" not in action:
            continue
        scripted = action.get("/S") == Name.JavaScript
        if bad_action(action) and not keeps("pdf.javascript" if scripted else "pdf.action"):
            del one[key]
        elif "/Next" in action:
            del action["/Next"]
    if "/EF" in one and not keeps("pdf.attachment"):
        for key in list(one.keys()):
            del one[key]
    base = entry(one, "/URI", Dictionary)
    if base is not None and is_local(told(base.get("/Base", ""))):
        del one["/URI"]


def _clean_stream(one: Any, keeps: Keeps) -> None:
    for key in ("/F", "/FFilter", "/FDecodeParms"):
        if key in one:
            del one[key]
    kind = one.get("/Subtype")
    if kind == Name.Form:
        _only(one, _FORM, keeps)
        _without_comments_in(one)
    elif kind == Name.Image:
        _only(one, _IMAGE, keeps)
        data = None if keeps("pdf.image-metadata") else picture_data(one)
        bare = media_only(data) if data is not None else None
        if data is not None and bare is not None and bare != data:
            set_picture_data(one, bare)


def _clean_element(one: Any, keeps: Keeps) -> None:
    """Take titles, paths, user properties and links to what went out of a structure element."""
    _only(one, _ELEMENT, keeps)
    if is_local(told(one.get("/Alt", ""))):
        del one["/Alt"]
    attributes = one.get("/A")
    if isinstance(attributes, Array):
        kept = [item for item in attributes if not _is_user(item)]
        if len(kept) != len(attributes):
            one.A = Array(kept)
    elif _is_user(attributes):
        del one["/A"]
    kids = one.get("/K")
    if isinstance(kids, Array):
        kept = [kid for kid in kids if not _leads_nowhere(kid)]
        if len(kept) != len(kids):
            one.K = Array(kept)
    elif _leads_nowhere(kids):
        del one["/K"]


def _is_user(item: Any) -> bool:
    return isinstance(item, Dictionary) and item.get("/O") == Name.UserProperties


def _leads_nowhere(kid: Any) -> bool:
    """Tell whether a structure element's kid is a reference to an annotation that went."""
    if not isinstance(kid, Dictionary) or kid.get("/Type") != Name.OBJR:
        return False
    target = kid.get("/Obj")
    return not isinstance(target, Dictionary | Stream) or not list(target.keys())


_LITERAL = re.compile(rb"\((?:[^\\()]|\\.|\((?:[^\\()]|\\.)*\))*\)", re.DOTALL)
"""A string, which may hold others in parentheses."""


def _may_remark(data: bytes) -> bool:
    """Tell whether content may hold a remark: a per cent sign that is no letter of a string.

    Before the first remark a parenthesis opens a string and nothing else, but in the data of a
    picture, which is never searched.
    """
    if b"%" not in data or b"BI" in data:
        return b"%" in data
    return b"%" in _LITERAL.sub(b"", data)


def _without_comments(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    data = b"\n".join(one.read_bytes() for one in streams_of(page))
    if _may_remark(data):
        bare = pikepdf.unparse_content_stream(parsed(page))
        if bare != data:
            page.obj.Contents = pdf.make_stream(bare)


def _without_comments_in(form: Any) -> None:
    data = form.read_bytes()
    if _may_remark(data):
        bare = pikepdf.unparse_content_stream(parsed(form))
        if bare != data:
            form.write(bare)
