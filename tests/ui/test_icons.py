"""Our own drawing of the icons looks as Qt's SVG module draws them."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter, qAlpha
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from meti_desk.data import data, read_bytes
from meti_desk.ui.drawing import pixmap
from meti_desk.ui.line_art import outline

NAMES = sorted(path.stem for path in (Path(str(data("resources"))) / "icons").glob("*.svg"))
SIZE = 48


def reference(name: str) -> QImage:
    image = QImage(SIZE, SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(read_bytes("resources", f"icons/{name}.svg"))).render(painter)
    painter.end()
    return image


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_drawn_as_qt_draws_it(qapp: QApplication, name: str) -> None:
    ours = pixmap(name, "#333333", SIZE).toImage()
    theirs = reference(name)
    points = [(x, y) for x in range(SIZE) for y in range(SIZE)]
    apart = [abs(qAlpha(ours.pixel(*at)) - qAlpha(theirs.pixel(*at))) for at in points]
    inked = sum(qAlpha(theirs.pixel(*at)) > 128 for at in points)
    assert inked > 20
    assert max(apart) < 96


def test_a_word_that_is_not_known_is_told() -> None:
    with pytest.raises(ValueError, match="Q"):
        outline('<path d="M1 1Q2 2 3 3"/>')
