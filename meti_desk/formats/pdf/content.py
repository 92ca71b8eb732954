"""Bringing a page's content to a clean end, so that something can be drawn after it.

Real files leave `q`, text objects and marked content open, or close more than they opened. What is
drawn after such content would be scaled, clipped or hidden by it. Viewers ignore a `Q` too many,
so it has to be taken out before the page can be put between `q` and `Q` of our own.
"""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

_OPERATORS = "q Q BT ET BMC BDC EMC MP"
_PROBE = Name("/MetiProbe")
_BODY = "/MetiBody"


@dataclass(frozen=True, slots=True)
class Balance:
    """What content leaves open at its end, and how many `Q` found nothing to restore."""

    saved: int = 0
    in_text: bool = False
    marked: int = 0
    underflow: int = 0
    torn: bool = False
    """Whether it ends inside a string or the like, which would swallow what follows."""

    def closing(self) -> bytes:
        """Give the operators that close what is open."""
        return b"ET " * self.in_text + b"EMC " * self.marked + b"Q " * self.saved


def balance(pdf: pikepdf.Pdf, page: pikepdf.Page) -> Balance:
    """Count what the content of a page leaves open; what cannot be parsed counts as torn.

    A probe is put behind the content for the count: where it is not met again as an operator of
    its own, nothing else would be.
    """
    streams = streams_of(page)
    if not streams:
        return Balance()
    held = page.obj.Contents
    page.obj.Contents = Array([*streams, pdf.make_stream(b"\n/MetiProbe MP\n")])
    try:
        instructions = parsed(page, _OPERATORS)
    except (pikepdf.PdfError, TypeError):
        return Balance(torn=True)
    finally:
        page.obj.Contents = held
    if not instructions or _PROBE not in list(instructions.pop().operands):
        return Balance(torn=True)
    return _count(instructions)


def _count(instructions: Iterable[object]) -> Balance:
    saved = marked = underflow = 0
    in_text = False
    for instruction in instructions:
        match str(getattr(instruction, "operator", "")):
            case "q":
                saved += 1
            case "Q" if saved:
                saved -= 1
            case "Q":
                underflow += 1
            case "BT":
                in_text = True
            case "ET":
                in_text = False
            case "BMC" | "BDC":
                marked += 1
            case "EMC":
                marked = max(marked - 1, 0)
            case _:
                pass
    return Balance(saved, in_text, marked, underflow)


def parsed(
    content: pikepdf.Page | pikepdf.Object, operators: str = ""
) -> list[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage]:
    """Take content apart; a torn end is left off in silence, for the proof comes later."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(pikepdf.parse_content_stream(content, operators))


def streams_of(page: pikepdf.Page) -> list[pikepdf.Object]:
    """List the streams that make up a page's content."""
    contents = page.obj.get("/Contents")
    if isinstance(contents, Array):
        return [one for one in contents if isinstance(one, Stream)]
    return [contents] if isinstance(contents, Stream) else []


def end_cleanly(pdf: pikepdf.Pdf, page: pikepdf.Page) -> bytes:
    """Make a page's content such that something can follow; give the operators that close it.

    Torn content is put into a form, where its end is the form's end.
    """
    state = balance(pdf, page)
    if state.torn:
        data = b"\n".join(stream.read_bytes() for stream in streams_of(page))
        body = pdf.make_stream(data, Type=Name.XObject, Subtype=Name.Form)
        body.BBox = page.obj.get("/MediaBox", Array([0, 0, 612, 792]))
        body.Resources = page.obj.get("/Resources", Dictionary())
        page.obj.Resources = Dictionary(XObject=Dictionary({_BODY: body}))
        page.obj.Contents = pdf.make_stream(f"{_BODY} Do\n".encode())
        return b""
    if state.underflow:
        page.obj.Contents = pdf.make_stream(without_underflow(page))
    return state.closing()


def without_underflow(page: pikepdf.Page) -> bytes:
    """Write a page's content anew without the `Q` that have nothing to restore."""
    kept: list[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage] = []
    depth = 0
    for instruction in parsed(page):
        operator = str(instruction.operator)
        if operator == "Q" and depth == 0:
            continue
        depth += {"q": 1, "Q": -1}.get(operator, 0)
        kept.append(instruction)
    return pikepdf.unparse_content_stream(kept)


def without_own_mark(page: pikepdf.Page, key: str) -> bytes | None:
    """Write a page's content anew without marked content that carries our key.

    Another program may have joined the page's streams to one. `None` when nothing of ours is there.
    """
    kept: list[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage] = []
    inside, found = 0, False
    for instruction in parsed(page):
        operator = str(instruction.operator)
        if inside:
            inside += {"BMC": 1, "BDC": 1, "EMC": -1}.get(operator, 0)
            continue
        if operator == "BDC" and _carries(instruction.operands, key):
            inside, found = 1, True
            continue
        kept.append(instruction)
    return pikepdf.unparse_content_stream(kept) if found else None


def _carries(operands: Iterable[object], key: str) -> bool:
    values = list(operands)
    last = values[-1] if values else None
    return isinstance(last, pikepdf.Dictionary) and key in last
