"""Watched folders: chosen in 設定, looked at in the background, told on ホーム."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from meti_desk.ui.jobs import Job, Jobs
from meti_desk.ui.main.background import Background
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.settings.page import SettingsPage
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk, paths
from tests.ui.screenshots import settle, task
from tests.ui.test_flows import click


def background(window: MainWindow) -> Background:
    """Give what goes on in the window while nobody waits."""
    assert window.background is not None
    return window.background


def test_nothing_is_watched_until_a_folder_is_chosen(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    settle(jobs, window)
    assert not background(window).watcher.watching
    assert desk.looked == 0


def test_folders_are_added_and_removed_in_the_settings(
    open_window: Open,
    desk: FakeDesk,
    jobs: Jobs,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    window = open_window(desk)
    click(window, "設定")
    settle(jobs, window)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path))
    click(window, "フォルダを加える")
    settle(jobs, window)
    assert desk.watching == [str(tmp_path)]
    qtbot.waitUntil(lambda: desk.looked == 1)
    assert background(window).watcher.watching
    assert isinstance(window._pages["settings"], SettingsPage)
    click(window, f"{tmp_path}を見守るのをやめる")
    settle(jobs, window)
    assert desk.watching == []
    qtbot.waitUntil(lambda: not background(window).watcher.watching)


def test_a_new_file_in_a_watched_folder_shows_on_home(
    open_window: Open, desk: FakeDesk, jobs: Jobs, tmp_path: Path, qtbot: QtBot
) -> None:
    desk.watching = [str(tmp_path)]
    window = open_window(desk)
    watcher = background(window).watcher
    qtbot.waitUntil(lambda: desk.looked == 1)
    watcher._soon.setInterval(1)
    desk.waiting = list(paths("新しい文書.docx"))
    (tmp_path / "新しい文書.docx").write_bytes(b"x")
    qtbot.waitUntil(lambda: desk.looked >= 2)
    settle(jobs, window)
    click(window, "新しい文書.docxの格付を決める")
    settle(jobs, window)
    assert task(window).decide.draft.paths == paths("新しい文書.docx")


def test_what_is_published_is_set_aside(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    desk.waiting = list(paths("白書.pdf", "案.docx"))
    window = open_window(desk)
    settle(jobs, window)
    click(window, "白書.pdfを公表済みとして扱う")
    settle(jobs, window)
    assert desk.published == paths("白書.pdf")
    click(window, "決める")
    settle(jobs, window)
    assert task(window).decide.draft.paths == paths("案.docx")


def test_locking_stops_the_watch(
    open_window: Open, desk: FakeDesk, jobs: Jobs, tmp_path: Path, qtbot: QtBot
) -> None:
    desk.watching = [str(tmp_path)]
    window = open_window(desk)
    watcher = background(window).watcher
    qtbot.waitUntil(lambda: watcher.watching)
    click(window, "ロック")
    settle(jobs, window)
    assert desk.state() == "locked"
    assert not watcher.watching
    assert not [one for one in watcher.findChildren(QTimer) if one.isActive()]


def test_idle_work_gives_way_to_what_a_person_waits_for(jobs: Jobs, qtbot: QtBot) -> None:
    owner, begun, order = QObject(), threading.Event(), list[str]()

    def long(job: Job) -> None:
        begun.set()
        while not job.cancelled:
            begun.wait(0.001)

    jobs.start(owner, long, lambda _n: order.append("idle"), lambda _e: None, idle=True)
    qtbot.waitUntil(begun.is_set)
    busy = [jobs.busy]
    jobs.start(owner, lambda _job: None, lambda _n: order.append("asked"), lambda _e: None)
    busy.append(jobs.busy)
    assert busy == [False, True]
    qtbot.waitUntil(lambda: order == ["idle", "asked"])


def test_what_was_labelled_is_read_while_nobody_waits(
    open_window: Open, desk: FakeDesk, jobs: Jobs, qtbot: QtBot
) -> None:
    window = open_window(desk)
    settle(jobs, window)
    learning = background(window).learning
    assert learning._timer.isActive()
    learning.learn()
    qtbot.waitUntil(lambda: desk.caught_up == 1)
    assert desk.backed_up == 1
    click(window, "ロック")
    settle(jobs, window)
    assert not learning._timer.isActive()
