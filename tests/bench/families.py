"""Labels and text of Office documents beside copying them and beside the libraries for them."""

import io
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

import docx
import openpyxl
import pptx
import pypdfium2

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import LabelOrder, Wants
from meti_desk.formats.registry import find

KINDS = ("docx", "xlsx", "pptx")
_ORDER = LabelOrder(
    {
        "jp.go.meti.label": "C2;I1;A1",
        "jp.go.meti.handling": "印刷禁止",
        "jp.go.meti.id": "0" * 32,
        "jp.go.meti.seal": "s" * 300,
    },
    "機密性2情報 印刷禁止",
)
_TEXT = Wants(findings=False, digest=False, text=True)


class Labelled(NamedTuple):
    """Seconds for the same files: label and proof, copying, load and save; and how many bytes."""

    ours: float
    copying: float
    libraries: float
    files: int
    size: int


class Read(NamedTuple):
    """Seconds for the text of the same files: ours and the library's."""

    ours: float
    library: float
    files: int


def real(corpus: Path, kind: str) -> list[Path]:
    """Give the files of a kind that both we and the library for it can open."""
    return [
        path
        for path in sorted(corpus.rglob(f"*.{kind}"))
        if _opens(lambda p=path: _save(kind, p)) and _opens(lambda p=path: _ours(p, io.BytesIO()))  # type: ignore[misc] # bound early
    ]


def label(files: Sequence[Path], folder: Path) -> Labelled:
    """Label every file into `folder` with proof and fsync; copy it so; load and save it so."""
    folder.mkdir()
    took = [
        _timed(lambda: [_written(folder / str(n), _labelled(p)) for n, p in enumerate(files)]),
        _timed(lambda: [_written(folder / str(n), _copied(p)) for n, p in enumerate(files)]),
        _timed(lambda: [_written(folder / str(n), _resaved(p)) for n, p in enumerate(files)]),
    ]
    return Labelled(*took, len(files), sum(path.stat().st_size for path in files))


def text(kind: str, files: Sequence[Path]) -> Read:
    """Take the text of every file, as for fingerprints; the library gives what it can."""
    peers = {"docx": _docx, "xlsx": _xlsx, "pptx": _pptx, "pdf": _pdf}
    ours = _timed(lambda: [_text(path) for path in files])
    return Read(ours, _timed(lambda: [peers[kind](path) for path in files]), len(files))


def readable(corpus: Path, kind: str) -> list[Path]:
    """Give the files of a kind whose text both we and the library can take."""
    peer = {"docx": _docx, "xlsx": _xlsx, "pptx": _pptx, "pdf": _pdf}[kind]
    return [
        path
        for path in sorted(corpus.rglob(f"*.{kind}"))
        if _opens(lambda p=path: peer(p)) and _opens(lambda p=path: _text(p))  # type: ignore[misc] # bound early
    ]


def _opens(work: Callable[[], object]) -> bool:
    """Tell whether it works; the libraries raise anything at all."""
    try:
        work()
    except (MetiDeskError, Exception):  # noqa: BLE001 - see above
        return False
    return True


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _written(path: Path, write: Callable[[BinaryIO], object]) -> None:
    with path.open("w+b") as target:
        write(target)
        target.flush()
        os.fsync(target.fileno())


def _labelled(path: Path) -> Callable[[BinaryIO], object]:
    return lambda target: _ours(path, target)


def _ours(path: Path, target: BinaryIO) -> None:
    with path.open("rb") as source:
        family = find(source).family
        family.write_label(source, target, _ORDER)
        target.flush()
        family.verify_label(source, target, _ORDER)


def _copied(path: Path) -> Callable[[BinaryIO], object]:
    return lambda target: target.write(path.read_bytes())


def _resaved(path: Path) -> Callable[[BinaryIO], object]:
    return lambda target: target.write(_save(path.suffix[1:], path))


def _save(kind: str, path: Path) -> bytes:
    """Load, set a property and save, as a program would that uses the library."""
    out = io.BytesIO()
    if kind == "docx":
        document = docx.Document(str(path))
        document.core_properties.category = "C2"
        document.save(out)
    elif kind == "xlsx":
        book = openpyxl.load_workbook(path)
        book.properties.category = "C2"
        book.save(out)
    else:
        deck = pptx.Presentation(str(path))
        deck.core_properties.category = "C2"
        deck.save(out)
    return out.getvalue()


def _text(path: Path) -> int:
    with path.open("rb") as source:
        return len(find(source).family.inspect(source, _TEXT).text)


def _docx(path: Path) -> int:
    document = docx.Document(str(path))
    cells = (c.text for t in document.tables for row in t.rows for c in row.cells)
    return sum(len(one.text) for one in document.paragraphs) + sum(map(len, cells))


def _xlsx(path: Path) -> int:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    found = sum(
        len(str(value))
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if value is not None
    )
    book.close()
    return found


def _pptx(path: Path) -> int:
    return sum(len(text) for text in _of_slides(pptx.Presentation(str(path))))


def _of_slides(deck: "pptx.presentation.Presentation") -> Iterator[str]:
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield shape.text_frame.text
            if getattr(shape, "has_table", False):
                yield from (cell.text for row in shape.table.rows for cell in row.cells)
        if slide.has_notes_slide:
            yield slide.notes_slide.notes_text_frame.text


def _pdf(path: Path) -> int:
    with pypdfium2.PdfDocument(str(path)) as document:
        return sum(len(page.get_textpage().get_text_range()) for page in document)
