"""The window over the real desk: a folder labelled at once, its sources as a picture, its watch."""

from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from meti_desk.app import make_desk
from meti_desk.services.desk import Desk
from meti_desk.services.messages import ClassifyRequest, Person
from meti_desk.ui.bulk.model import DONE, SKIPPED
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.lineage.page import LineagePage
from tests.ui.conftest import Open
from tests.ui.fake_desk import PASSPHRASE
from tests.ui.screenshots import bulk_task, settle, task
from tests.ui.test_flows import click

COMMON = (
    "採点は、事業の新規性、実現の可能性及び費用の妥当性の三つの観点から行い、"
    "その根拠を審査票に必ず書くものとする。"
)
"""Long enough to name its source: more than 59 characters with what stands around it."""


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(str(tmp_path / "store"))
    desk.create(PASSPHRASE, Person("山田 太郎", mail="yamada@meti.go.jp"))
    yield desk
    desk.close()


def written(path: Path, *texts: str) -> Path:
    made = docx.Document()
    for text in texts:
        made.add_paragraph(text)
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(str(path))
    return path


def test_a_folder_is_labelled_reported_and_gone_on_with(
    open_window: Open, real: Desk, jobs: Jobs, tmp_path: Path
) -> None:
    folder = tmp_path / "部会"
    for at in range(6):
        written(folder / f"第{at % 2}回" / f"資料{at}.docx", f"資料 {at} の本文")
    window = open_window(real)
    window.open_files([str(folder)])
    settle(jobs, window)
    shown = bulk_task(window)
    assert shown.decide._counting.counts.open == 6
    click(window, "機密性: 機密性2")
    shown.decide.report.setChecked(True)
    click(window, "まとめて格付する")
    settle(jobs, window)
    assert shown.currentWidget() is shown.result
    assert set(shown.result.model._names) == {DONE}
    report = (tmp_path / "格付の結果.csv").read_bytes()
    assert report.startswith(b"\xef\xbb\xbf")
    assert report.decode("utf-8-sig").count("資料") >= 6
    labels = [one.label for one in real.inspect(real.files_in((str(folder),)))]
    assert [one.c for one in labels if one is not None] == [2] * 6
    shown._go_on()
    settle(jobs, window)
    assert set(shown.result.model._names) == {SKIPPED}


def test_a_found_source_is_taken_and_stands_in_the_picture(
    open_window: Open, real: Desk, jobs: Jobs, tmp_path: Path
) -> None:
    source = written(tmp_path / "要領.docx", COMMON * 2, "審査は非公開で行う。")
    made = written(tmp_path / "結果案.docx", "審査の結果を次のとおりとする。", COMMON * 2)
    real.classify(ClassifyRequest(paths=(str(source),), c=2))
    real.catch_up()
    window = open_window(real)
    window.open_files([str(made)])
    settle(jobs, window)
    click(window, "要領.docxを元の文書にする")
    settle(jobs, window)
    page = task(window).decide
    assert page.draft.c == 2
    click(window, "格付して保存する")
    settle(jobs, window)
    click(window, "ホームへ")
    settle(jobs, window)
    window.desktop.task_wanted.emit("lineage", str(made))
    settle(jobs, window)
    QApplication.processEvents()
    picture = window.findChildren(LineagePage)[0].picture
    assert picture is not None
    drawn = [(one.source.node.title, one.made.node.title) for one in picture.links]
    assert drawn == [("要領.docx", "結果案.docx")]
    assert [one.node.label.c for one in picture.placed if one.node.label is not None] == [2, 2]


def test_a_new_document_in_a_watched_folder_waits_on_home(
    open_window: Open, real: Desk, jobs: Jobs, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "受信"
    written(folder / "前からある.docx", "古い")
    real.watch(str(folder))
    window = open_window(real)
    written(folder / "届いた.docx", "新しい")
    assert window.background is not None
    watcher = window.background.watcher

    def noticed() -> bool:
        watcher.look()
        return "届いた.docx" in [one.title for one in real.home().to_decide]

    qtbot.waitUntil(noticed, timeout=15_000)
    window.open_page("home")
    settle(jobs, window)
    click(window, "届いた.docxを公表済みとして扱う")
    settle(jobs, window)
    assert "届いた.docx" not in [one.title for one in real.home().to_decide]
