"""Which bytes the second reader gets to see of a document."""

from io import BytesIO
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name

from meti_desk.formats.pdf.opening import opened, save_as_it_is

_DEPTH = 64
_WITH_TEXT = (Name.Tx, Name.Ch)


def reader_view(pdf: pikepdf.Pdf, source: BinaryIO) -> BinaryIO:
    """Give the document as both readers understand it alike.

    Sound files are read as they are. Of a file that had to be repaired the repaired form is read,
    since two programs repair differently, and form values without an appearance get the one that a
    viewer would draw. An XFA form is read by the ordinary fields that stand behind it.
    """
    form = pdf.Root.get("/AcroForm")
    bare = isinstance(form, Dictionary) and ("/XFA" in form or lacks_appearances(form))
    if not bare and not pdf.get_warnings():
        return source
    copy = BytesIO()
    if not bare:
        save_as_it_is(pdf, copy)
        return copy
    with opened(source) as second:
        give_appearances(second)
        if "/XFA" in second.Root.AcroForm:
            del second.Root.AcroForm["/XFA"]
        save_as_it_is(second, copy)
    return copy


def lacks_appearances(form: pikepdf.Object) -> bool:
    """Tell whether a form leaves the drawing of some value to the viewer."""
    if bool(form.get("/NeedAppearances", False)):
        return True
    fields = form.get("/Fields")
    return isinstance(fields, Array) and any(_bare(field, 0, None, None) for field in fields)


def give_appearances(pdf: pikepdf.Pdf) -> None:
    """Draw the values of a form that leaves this to the viewer."""
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, Dictionary) and lacks_appearances(form):
        form.NeedAppearances = True
        pdf.generate_appearance_streams()


def _bare(field: object, depth: int, kind: object, value: object) -> bool:
    if not isinstance(field, Dictionary) or depth > _DEPTH:
        return False
    kind, value = field.get("/FT", kind), field.get("/V", value)
    kids = field.get("/Kids")
    if isinstance(kids, Array):
        return any(_bare(kid, depth + 1, kind, value) for kid in kids)
    return kind in _WITH_TEXT and bool(value) and "/AP" not in field
