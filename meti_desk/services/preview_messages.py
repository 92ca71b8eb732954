"""Pictures of pages, and what a removal that is tried would give."""

from typing import Literal

import msgspec

from meti_desk.formats.base import Finding, Removed
from meti_desk.services.messages import ErrorView


class PageView(msgspec.Struct, frozen=True):
    """A page as pixels: three bytes each (blue, green, red), row by row without padding.

    `pages` is how many the document has; the page is `points_wide` by `points_high` (1/72 inch).
    """

    width: int
    height: int
    pixels: bytes
    pages: int = 1
    points_wide: float = 0
    points_high: float = 0


class ScrubPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What a removal would give; nothing was written.

    `before` and `after` are page 1, or nothing; `picture` then says why: `format` where there is no
    picture of the format that could be had safely, `not-installed` where LibreOffice would draw it,
    `not-confined` where it could not be confined on this system, `too-large`, `failed`.
    `by_office` tells that LibreOffice drew the pages. `error` says why the removal is refused.
    """

    path: str
    before: PageView | None = None
    after: PageView | None = None
    removed: tuple[Removed, ...] = ()
    left: tuple[Finding, ...] = ()
    picture: Literal["", "format", "not-installed", "not-confined", "too-large", "failed"] = ""
    by_office: bool = False
    error: ErrorView | None = None
