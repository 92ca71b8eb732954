"""The picture of sources and descendants: placed, reached by key, told, zoomed and written."""

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from meti_desk.services.messages import LineageNode, LineageView
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.lineage.layout import HEIGHT, WIDTH, lay_out
from meti_desk.ui.lineage.page import LineagePage
from meti_desk.ui.main.window import MainWindow
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk, family, label
from tests.ui.screenshots import settle
from tests.ui.test_flows import click


def boxes(view: LineageView) -> list[QRect]:
    return [QRect(one.x, one.y, WIDTH, HEIGHT) for one in lay_out(view).placed]


def large(count: int) -> LineageView:
    """Give a document with many sources and many that were made from it."""
    nodes = [LineageNode(id="root", title="root", label=label(2))]
    edges = []
    for at in range(count):
        level = -1 if at % 2 else 1
        nodes.append(LineageNode(id=f"d{at}", title=f"文書{at}", level=level, label=label(1)))
        edges.append((f"d{at}", "root") if level < 0 else ("root", f"d{at}"))
    return LineageView(root="root", nodes=tuple(nodes), edges=tuple(edges))


@pytest.mark.parametrize("view", [family(), large(100)])
def test_no_box_covers_another_and_generations_go_from_left_to_right(view: LineageView) -> None:
    placed = boxes(view)
    assert not [1 for one, two in combinations(placed, 2) if one.intersects(two)]
    picture = lay_out(view)
    whole = QRect(0, 0, picture.width, picture.height)
    assert all(whole.contains(box) for box in placed)
    ordered = sorted(picture.placed, key=lambda one: one.node.level)
    assert all(one.x <= two.x for one, two in pairwise(ordered))


def test_a_cycle_runs_back_and_every_edge_is_drawn_once() -> None:
    view = family()
    links = lay_out(view).links
    assert len(links) == len(view.edges)
    back = [(one.source.node.title, one.made.node.title) for one in links if one.back]
    assert back == [("審査結果_概要.pptx", "令和7年度_審査要領.docx")]


def opened(window: MainWindow, jobs: Jobs) -> LineagePage:
    click(window, "取扱記録")
    settle(jobs, window)
    page = window._pages["ledger"]
    page.table.selectRow(0)  # type: ignore[attr-defined]
    click(window, "元の文書と作られた文書を見る")
    settle(jobs, window)
    QApplication.processEvents()
    return window.findChildren(LineagePage)[0]


def told(page: LineagePage) -> str:
    QApplication.processEvents()
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def test_documents_are_reached_by_arrow_keys_and_tell_who_received_them(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    page = opened(window, jobs)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert "補助金審査_結果案.docx" in focused.accessibleName()
    assert "機密性3" in focused.accessibleName()
    QTest.keyClick(focused, Qt.Key.Key_Right)
    after = QApplication.focusWidget()
    assert after is not None
    assert "審査結果_概要.pptx" in after.accessibleName()
    QTest.keyClick(after, Qt.Key.Key_Return)
    assert "kacho@meti.go.jp" in told(page)
    assert "佐藤 花子" in told(page)


def test_an_unknown_source_is_said_to_be_unknown(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    page = opened(open_window(desk), jobs)
    page.canvas.choose("9f2c77ab10de")
    assert "不明（9f2c77ab10de）" in told(page)
    assert "記録にない文書" in told(page)


def test_zoom_stays_within_its_limits_and_the_whole_fits(
    open_window: Open, desk: FakeDesk, jobs: Jobs, qtbot: QtBot
) -> None:
    window = open_window(desk)
    page = opened(window, jobs)
    page.show_view(large(100))
    QApplication.processEvents()
    assert len(page.canvas.nodes) == 101
    qtbot.waitUntil(lambda: page.canvas.zoom == 0.25)  # begins with the whole of it
    for _ in range(20):
        click(window, "拡大する")
    assert page.canvas.zoom == 2.5
    click(window, "全体を見る")
    assert page.canvas.zoom == 0.25
    page.show_view(family())
    click(window, "全体を見る")
    assert page.canvas.width() <= page._columns.scrolls[0].viewport().width()


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_the_picture_is_written_as_a_file(
    open_window: Open, desk: FakeDesk, jobs: Jobs, tmp_path: Path, suffix: str
) -> None:
    page = opened(open_window(desk), jobs)
    path = tmp_path / f"図.{suffix}"
    page.export_to(str(path))
    assert "書き出しました" in page.banner.accessibleName()
    data = path.read_bytes()
    assert page.picture is not None
    if suffix == "png":
        image = QImage.fromData(data)
        assert image.width() == 2 * page.picture.width
        colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in (300, 500, 600)}
        assert len(colours) > 3
    elif suffix == "pdf":
        assert data.startswith(b"%PDF-")
    else:
        assert QSvgRenderer(QByteArray(data)).isValid()
        assert "機密性3" in data.decode("utf-8")


def test_a_picture_that_cannot_be_written_is_told(
    open_window: Open, desk: FakeDesk, jobs: Jobs, tmp_path: Path
) -> None:
    page = opened(open_window(desk), jobs)
    page.export_to(str(tmp_path / "none" / "図.png"))
    assert page.banner.isVisible()
    assert "書き出しました" not in page.banner.accessibleName()


def test_back_leads_to_the_record(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window = open_window(desk)
    opened(window, jobs)
    click(window, "戻る")
    settle(jobs, window)
    assert window._pages["ledger"].isVisible()
