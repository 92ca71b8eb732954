"""Walking through all that a document can reach, once."""

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

_MOST = 5_000_000
"""More objects than any honest document has; the walk ends there as damaged input."""

ALLOWED_ACTIONS = (Name.GoTo, Name.URI, Name.Named, Name.Thread)
"""What a link may do: go to a page or an address. All else runs, sends or tells something."""


def containers(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Give each dictionary and stream that can be reached from the trailer, each once.

    Changing what was given before asking for the next is allowed: an entry that was taken out is
    not followed.
    """
    seen: set[tuple[int, int]] = set()
    stack: list[Any] = [pdf.trailer]
    steps = 0
    while stack:
        one = stack.pop()
        steps += 1
        if steps > _MOST:
            raise pikepdf.PdfError("too many objects")
        if one.is_indirect:
            if one.objgen in seen:
                continue
            seen.add(one.objgen)
        if isinstance(one, Array):
            values = list(one)
        else:
            yield one
            values = [value for _, value in one.items()]
        stack += [value for value in values if isinstance(value, Dictionary | Array | Stream)]


def entry(holder: Any, key: str, kind: type[Any]) -> Any:
    """Give an entry of a dictionary if it is of the kind that it has to be, else `None`."""
    value = holder.get(key)
    return value if isinstance(value, kind) else None


def annotations(page: pikepdf.Page) -> list[Any]:
    """List a page's annotations that are dictionaries."""
    held = entry(page.obj, "/Annots", Array)
    return [one for one in held if isinstance(one, Dictionary)] if held is not None else []


def told(value: object) -> str:
    """Give a value as text for a finding, shortened to 80 characters."""
    try:
        text = " ".join(str(value).split())
    except (ValueError, UnicodeDecodeError):
        text = ""
    return text[:80]


def is_local(address: str) -> bool:
    """Tell whether an address leads into somebody's own computer or network share."""
    low = address.strip().lower()
    drive = len(low) > 2 and low[0].isalpha() and low[1:3] in {":\\", ":/"}  # noqa: PLR2004
    return drive or low.startswith(("file:", "\\\\", "/home/", "/users/", "smb:"))


def bad_action(action: Any) -> bool:
    """Tell whether an action does more than to lead to a page or a public address."""
    kind = action.get("/S")
    if kind not in ALLOWED_ACTIONS:
        return True
    if kind == Name.URI:
        return is_local(told(action.get("/URI", "")))
    return kind == Name.Thread and "/F" in action
