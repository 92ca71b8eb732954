"""Documents of 取扱記録 on their way to another page: dragged, or by the clipboard."""

from collections.abc import Iterable

import msgspec
from PySide6.QtCore import QMimeData

MIME = "application/x-meti-desk-documents"
"""Ids and titles only: nothing of a document itself leaves the record this way."""


class Carried(msgspec.Struct, frozen=True):
    """A document that is carried."""

    id: str
    title: str


def pack(documents: Iterable[Carried]) -> QMimeData:
    """Make what is dragged or copied; other programs get the titles as text."""
    rows = tuple(dict.fromkeys(documents))
    data = QMimeData()
    data.setData(MIME, msgspec.json.encode(rows))
    data.setText("\n".join(one.title for one in rows))
    return data


def unpack(data: QMimeData | None) -> tuple[Carried, ...]:
    """Read what was dropped or pasted; nothing where it is something else or damaged."""
    if data is None or not data.hasFormat(MIME):
        return ()
    try:
        return msgspec.json.decode(bytes(data.data(MIME).data()), type=tuple[Carried, ...])
    except msgspec.MsgspecError:
        return ()
