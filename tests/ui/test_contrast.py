"""WCAG 2.2 AA, computed from the pixels that are painted."""

from collections import Counter

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from meti_desk.ui import theme
from meti_desk.ui.jobs import Jobs
from tests.ui import screenshots

LARGE = 24
LARGE_BOLD = 19


def luminance(colour: QColor) -> float:
    """Give the relative luminance of a colour."""

    def part(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = part(colour.redF()), part(colour.greenF()), part(colour.blueF())
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, two: QColor) -> float:
    """Give the contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def painted(image: QImage, box: QRect) -> float:
    """Give the contrast between the ground of a box and what stands out from it most."""
    part = image.copy(box).convertToFormat(QImage.Format.Format_RGB32)
    counted = Counter(memoryview(part.constBits()).cast("I"))
    ground = QColor(counted.most_common(1)[0][0])
    return max(contrast(ground, QColor(pixel)) for pixel in counted)


def test_the_measure_itself() -> None:
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("white")) == pytest.approx(4.54, abs=0.01)


def texts(window: QWidget) -> list[QWidget]:
    """Give the widgets whose text can be read now."""
    found: list[QWidget] = [
        one for one in window.findChildren(QLabel) if one.isVisible() and one.text()
    ]
    found += [
        one
        for one in window.findChildren(QPushButton)
        if one.isVisible() and one.isEnabled() and one.text()
    ]
    return found


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("name", list(screenshots.PAGES))
def test_every_text_can_be_read(jobs: Jobs, name: str, look: theme.ThemeName) -> None:
    window, _desk = screenshots.make(name, theme.Theme(look), jobs)
    try:
        image = window.grab().toImage()
        poor = []
        for one in texts(window):
            box = QRect(one.mapTo(window, QPoint(0, 0)), one.size()).adjusted(3, 3, -3, -3)
            box &= window.rect().adjusted(0, 0, -1, -1)
            seen = one.visibleRegion().boundingRect()
            if box.isEmpty() or seen.height() < one.height() or seen.width() < one.width():
                continue
            font = one.font()
            large = font.pixelSize() >= (LARGE_BOLD if font.bold() else LARGE)
            found = painted(image, box)
            if found < (3 if large else 4.5):
                poor.append((getattr(one, "text", str)(), round(found, 2)))
        assert not poor
    finally:
        window.close()
        window.deleteLater()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_roles_that_carry_meaning_reach_their_ratio(look: theme.ThemeName) -> None:
    held = theme.Theme(look)

    def ratio(one: str, two: str) -> float:
        return contrast(QColor(held.value(one)), QColor(held.value(two)))

    for ground in ("page", "subtle", "soft", "softer"):
        for text in ("text", "strong", "muted", "primary"):
            assert ratio(text, ground) >= 4.5, (text, ground)
    for tone in ("success", "warning", "danger"):
        assert ratio(tone, f"{tone}-soft") >= 4.5
        assert ratio(tone, "page") >= 4.5
    assert ratio("on-primary", "primary") >= 4.5
    assert ratio("on-primary", "primary-hover") >= 4.5
    for ground in ("page", "subtle"):
        assert ratio("control", ground) >= 3
        assert max(ratio("focus", ground), ratio("focus-outer", ground)) >= 3
