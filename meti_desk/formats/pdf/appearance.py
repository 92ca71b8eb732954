"""Drawing annotations that came without a picture of themselves.

Old or careless programs leave it to the viewer to draw a highlight or a frame from its numbers.
Before such an annotation is made part of the page it gets the look that viewers give it.
"""

from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

_QUAD = 8
_FRAMES = (Name.Square, Name.Circle)
_CURVE = 0.5523
"""How far the handles of four Bézier curves reach, of the radius, to make a circle."""


def appearance(pdf: pikepdf.Pdf, one: Any) -> Stream | None:
    """Draw an annotation in the page's own coordinates; `None` where viewers draw nothing."""
    rect = _numbers(one.get("/Rect"))
    if len(rect) != 4:  # noqa: PLR2004 - a rectangle has four numbers
        return None
    colour = _numbers(one.get("/C"))
    kind = one.get("/Subtype")
    if kind == Name.Highlight:
        body = _colour(colour, "g", "rg", "k") + _quads(one, _filled)
    elif kind == Name.Underline:
        body = _colour(colour, "G", "RG", "K") + _quads(one, _under)
    elif kind == Name.StrikeOut:
        body = _colour(colour, "G", "RG", "K") + _quads(one, _through)
    elif kind in _FRAMES:
        body = _framed(one, rect, colour)
    elif kind == Name.Ink:
        body = f"{_width(one):g} w " + _colour(colour, "G", "RG", "K") + _strokes(one)
    else:
        return None
    form = pdf.make_stream(f"/G0 gs {body}".encode("ascii"))
    box = _bounds(one) if "/QuadPoints" in one else _ordered(rect)
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array(box)
    state = Dictionary(Type=Name.ExtGState)
    strength = one.get("/CA")
    if strength is not None and float(strength) < 1:
        state.CA = state.ca = strength
    if kind == Name.Highlight:
        state.BM = Name.Multiply
    form.Resources = Dictionary(ExtGState=Dictionary(G0=state))
    return form


def _numbers(value: Any) -> list[float]:
    if not isinstance(value, Array):
        return []
    try:
        return [float(one) for one in value]
    except (TypeError, ValueError):
        return []


def _ordered(rect: list[float]) -> list[float]:
    across, up = rect[::2], rect[1::2]
    return [min(across), min(up), max(across), max(up)]


def _bounds(one: Any) -> list[float]:
    """Give the box around marked text; viewers go by it, and not by the annotation's rectangle."""
    points = _numbers(one.get("/QuadPoints")) or [0.0, 0.0]
    across, up = points[::2], points[1::2]
    return [min(across), min(up), max(across), max(up)]


def _colour(parts: list[float], grey: str, rgb: str, cmyk: str) -> str:
    operator = {1: grey, 3: rgb, 4: cmyk}.get(len(parts))
    if operator is None:
        return f"0 {grey} "
    return " ".join(f"{part:g}" for part in parts) + f" {operator} "


def _width(one: Any) -> float:
    style, border = one.get("/BS"), _numbers(one.get("/Border"))
    if isinstance(style, Dictionary) and "/W" in style:
        return float(style.W)
    return border[2] if len(border) > 2 else 1.0  # noqa: PLR2004 - the third number is the width


def _quads(one: Any, draw: Any) -> str:
    points = _numbers(one.get("/QuadPoints"))
    ends = range(0, len(points) - _QUAD + 1, _QUAD)
    return " ".join(draw(_ordered(points[start : start + _QUAD])) for start in ends)


def _filled(box: list[float]) -> str:
    x0, y0, x1, y1 = box
    return f"{x0:g} {y0:g} {x1 - x0:g} {y1 - y0:g} re f"


def _under(box: list[float]) -> str:
    x0, y0, x1, _ = box
    return f"{x0:g} {y0 + 1:g} m {x1:g} {y0 + 1:g} l S"


def _through(box: list[float]) -> str:
    x0, y0, x1, y1 = box
    middle = (y0 + y1) / 2
    return f"{x0:g} {middle:g} m {x1:g} {middle:g} l S"


def _framed(one: Any, rect: list[float], colour: list[float]) -> str:
    inside, width = _numbers(one.get("/IC")), _width(one)
    x0, y0, x1, y1 = _ordered(rect)
    half = width / 2
    box = [x0 + half, y0 + half, x1 - half, y1 - half]
    path = _rectangle(box) if one.get("/Subtype") == Name.Square else _ellipse(box)
    fill = _colour(inside, "g", "rg", "k") if inside else ""
    stroke = f"{width:g} w " + _colour(colour, "G", "RG", "K") if width > 0 else ""
    paint = {(True, True): "B", (True, False): "f", (False, True): "S"}.get(
        (bool(fill), bool(stroke)), "n"
    )
    return f"{fill}{stroke}{path} {paint}"


def _rectangle(box: list[float]) -> str:
    x0, y0, x1, y1 = box
    return f"{x0:g} {y0:g} {x1 - x0:g} {y1 - y0:g} re"


def _ellipse(box: list[float]) -> str:
    x0, y0, x1, y1 = box
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    h, v = (x1 - x0) / 2 * _CURVE, (y1 - y0) / 2 * _CURVE
    return (
        f"{x0:g} {y:g} m {x0:g} {y + v:g} {x - h:g} {y1:g} {x:g} {y1:g} c "
        f"{x + h:g} {y1:g} {x1:g} {y + v:g} {x1:g} {y:g} c "
        f"{x1:g} {y - v:g} {x + h:g} {y0:g} {x:g} {y0:g} c "
        f"{x - h:g} {y0:g} {x0:g} {y - v:g} {x0:g} {y:g} c h"
    )


def _strokes(one: Any) -> str:
    lines = one.get("/InkList")
    drawn = []
    for line in lines if isinstance(lines, Array) else []:
        points = _numbers(line)
        pairs = list(zip(points[::2], points[1::2], strict=False))
        if pairs:
            rest = " ".join(f"{x:g} {y:g} l" for x, y in pairs[1:])
            drawn.append(f"{pairs[0][0]:g} {pairs[0][1]:g} m {rest} S")
    return " ".join(drawn)
