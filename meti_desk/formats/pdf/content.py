"""Bringing a page's content to a clean end, so that something can be drawn after it.

Real files leave `q`, text objects and marked content open, or close more than they opened. What is
drawn after such content would be scaled, clipped or hidden by it. Viewers ignore a `Q` too many,
so it has to be taken out before the page can be put between `q` and `Q` of our own.
"""

from dataclasses import dataclass

import pikepdf

_OPERATORS = "q Q BT ET BMC BDC EMC"


@dataclass(frozen=True, slots=True)
class Balance:
    """What content leaves open at its end, and how many `Q` found nothing to restore."""

    saved: int = 0
    in_text: bool = False
    marked: int = 0
    underflow: int = 0

    def closing(self) -> bytes:
        """Give the operators that close what is open."""
        return b"ET " * self.in_text + b"EMC " * self.marked + b"Q " * self.saved


def balance(content: pikepdf.Page | pikepdf.Object) -> Balance:
    """Count what the content of a page leaves open; what cannot be parsed counts as clean."""
    try:
        instructions = pikepdf.parse_content_stream(content, _OPERATORS)
    except (pikepdf.PdfError, TypeError):
        return Balance()
    saved = marked = underflow = 0
    in_text = False
    for instruction in instructions:
        match str(instruction.operator):
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


def without_underflow(page: pikepdf.Page) -> bytes:
    """Write a page's content anew without the `Q` that have nothing to restore."""
    kept: list[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage] = []
    depth = 0
    for instruction in pikepdf.parse_content_stream(page):
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
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if inside:
            inside += {"BMC": 1, "BDC": 1, "EMC": -1}.get(operator, 0)
            continue
        if operator == "BDC" and _carries(instruction.operands, key):
            inside, found = 1, True
            continue
        kept.append(instruction)
    return pikepdf.unparse_content_stream(kept) if found else None


def _carries(operands: object, key: str) -> bool:
    values = list(operands) if isinstance(operands, (list, pikepdf.Array)) else []
    last = values[-1] if values else None
    return isinstance(last, pikepdf.Dictionary) and key in last
