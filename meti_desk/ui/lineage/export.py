"""Writes the picture to a file: PNG, PDF or SVG, by the suffix; always in the light look."""

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.ui.lineage.layout import Picture
from meti_desk.ui.lineage.paint import Brush
from meti_desk.ui.theme import Theme

_FINE = 2
"""Pixels of a PNG for each pixel at 100 %."""
_MOST = 16_000
"""Pixels of a PNG in one direction; larger pictures are made less fine."""
_PER_INCH = 96


def export(picture: Picture, path: str, title: str) -> None:
    """Write the picture; raises `EnvironmentProblem("folder.read-only")` where that fails."""
    writers = {".pdf": _pdf, ".svg": _svg}
    write = writers.get(Path(path).suffix.lower(), _png)
    if not write(picture, path, title):
        raise EnvironmentProblem("folder.read-only", path=path)


def _paint(painter: QPainter, picture: Picture, scale: float) -> None:
    painter.scale(scale, scale)
    Brush(painter, Theme("light")).picture(picture)


def _png(picture: Picture, path: str, title: str) -> bool:
    scale = min(_FINE, _MOST / max(picture.width, picture.height, 1))
    size = QSize(max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    image.setText("Title", title)
    painter = QPainter(image)
    _paint(painter, picture, scale)
    painter.end()
    return bool(image.save(path))


def _pdf(picture: Picture, path: str, title: str) -> bool:
    writer = QPdfWriter(path)
    writer.setTitle(title)
    writer.setResolution(_PER_INCH)
    inches = QSizeF(picture.width / _PER_INCH, picture.height / _PER_INCH)
    writer.setPageSize(QPageSize(inches, QPageSize.Unit.Inch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter()
    if not painter.begin(writer):
        return False
    _paint(painter, picture, 1)
    return bool(painter.end())


def _svg(picture: Picture, path: str, title: str) -> bool:
    from PySide6.QtSvg import QSvgGenerator

    generator = QSvgGenerator()
    generator.setFileName(path)
    generator.setTitle(title)
    generator.setSize(QSize(picture.width, picture.height))
    generator.setViewBox(QRectF(0, 0, picture.width, picture.height))
    painter = QPainter()
    if not painter.begin(generator):
        return False
    _paint(painter, picture, 1)
    return bool(painter.end())
