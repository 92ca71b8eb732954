"""Folders and many files: one decision, remaining time, cancel and go on, and the table."""

import time
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from meti_desk.services.messages import DoneFile, ErrorView
from meti_desk.ui.bulk.model import ALL, CANCELLED, DONE, REFUSED, SKIPPED
from meti_desk.ui.bulk.page import ALL as EVERY_FILE
from meti_desk.ui.bulk.result import BulkResult
from meti_desk.ui.bulk.task import BulkTask
from meti_desk.ui.handle.remaining import Remaining
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.drop import are_many
from meti_desk.ui.main.window import MainWindow
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk, paths
from tests.ui.screenshots import bulk_task, many, settle, task
from tests.ui.test_flows import _dropped, click


def opened(window: MainWindow, desk: FakeDesk, jobs: Jobs, folder: Path, count: int) -> BulkTask:
    desk.folders[str(folder)] = many(count)
    window.open_files([str(folder)])
    settle(jobs, window)
    return bulk_task(window)


def test_a_folder_or_more_than_twenty_files_are_many(tmp_path: Path) -> None:
    assert not are_many(list(paths()))
    assert are_many([str(tmp_path)])
    assert are_many(many(21))
    assert not are_many(many(20))


def test_files_are_counted_with_those_that_have_a_label(
    open_window: Open, desk: FakeDesk, jobs: Jobs, tmp_path: Path
) -> None:
    desk.labelled = frozenset(many(60)[:7])
    shown = opened(open_window(desk), desk, jobs, tmp_path, 60)
    counts = shown.decide._counting.counts
    assert (counts.total, counts.seen, counts.labelled, counts.open) == (60, 60, 7, 53)
    assert "格付あり 7件" in shown.decide._labelled.text()


def test_one_decision_goes_to_all_or_to_the_undecided(
    open_window: Open, desk: FakeDesk, jobs: Jobs, tmp_path: Path
) -> None:
    window = open_window(desk)
    shown = opened(window, desk, jobs, tmp_path, 30)
    assert not shown.decide._go.isEnabled()
    click(window, "機密性: 機密性2")
    assert shown.decide.order().undecided_only
    shown.decide.which.button(EVERY_FILE).click()
    shown.decide.report.setChecked(True)
    order = shown.decide.order()
    assert not order.undecided_only
    assert order.report == str(tmp_path.parent / "格付の結果.csv")
    click(window, "まとめて格付する")
    settle(jobs, window)
    assert desk.classified == [order]
    assert len(desk.classified[0].paths) == 30
    assert shown.currentWidget() is shown.result


def test_cancel_keeps_what_is_done_and_going_on_skips_it(
    open_window: Open, desk: FakeDesk, jobs: Jobs, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(desk)
    shown = opened(window, desk, jobs, tmp_path, 30)
    click(window, "機密性: 機密性2")
    settle(jobs, window)
    desk.gate = Event()
    click(window, "まとめて格付する")
    qtbot.waitUntil(lambda: shown.working._now.text() == Path(many(30)[1]).name)
    click(window, "中止する")
    settle(jobs, window)
    counted = shown.result.model.show_rows(shown.result.model._all)
    assert counted == {DONE: 1, CANCELLED: 29}
    desk.gate = None
    click(window, "続きを行う")
    settle(jobs, window)
    assert [one.resume for one in desk.classified] == [False, True]
    assert not shown.result.go_on.isVisible()


def test_rows_are_filtered_by_outcome_with_their_reason(
    open_window: Open, desk: FakeDesk, jobs: Jobs, tmp_path: Path
) -> None:
    window = open_window(desk)
    shown = opened(window, desk, jobs, tmp_path, 35)
    click(window, "機密性: 機密性2")
    click(window, "まとめて格付する")
    settle(jobs, window)
    result = shown.result
    assert result.filter is not None
    result.filter.button(REFUSED).click()
    assert result.model.rowCount() == 5
    result.table.selectRow(0)
    assert "高橋 次郎" in result._detail.text()
    assert "第7条第1項" in result._detail.text()
    click(window, "この文書を開く")
    settle(jobs, window)
    assert list(task(window).decide.draft.paths) == [many(35)[5]]
    click(window, "やめる")
    assert result.isVisible()
    result.filter.button(SKIPPED).click()
    place = result.model.index(0, 3)
    assert "すでに格付がある" in str(result.model.data(place))
    result.filter.button(ALL).click()
    assert result.model.rowCount() == 35


def test_a_dropped_folder_turns_the_decision_into_one_for_many(
    open_window: Open, desk: FakeDesk, jobs: Jobs, tmp_path: Path
) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    desk.folders[str(tmp_path)] = many(3)
    _dropped(window, task(window).decide, tmp_path)
    settle(jobs, window)
    assert bulk_task(window).decide.draft.paths == (*paths(), *many(3))


def test_ten_thousand_rows_stay_fluid(qtbot: QtBot) -> None:
    refused = ErrorView("document.encrypted", exit=5)
    rows = tuple(
        DoneFile(path=f"/d/{at:05d}.docx", error=refused if at % 3 == 0 else None)
        for at in range(10_000)
    )
    view = BulkResult()
    qtbot.addWidget(view)
    view.resize(1280, 820)
    view.show()
    began = time.process_time()
    view.model.show_rows(rows)
    view.model.filter(REFUSED)
    view.table.scrollToBottom()
    view.table.grab()
    view.model.filter(ALL)
    for at in range(0, 10_000, 500):
        view.table.selectRow(at)
        view.table.grab()
    assert time.process_time() - began < 4
    assert view.model.rowCount() == 10_000
    assert view.model.rowCount(view.model.index(0, 0)) == 0
    assert not [one for one in view.table.viewport().children() if one.isWidgetType()]
    assert view.model.headerData(3, Qt.Orientation.Horizontal) == "理由"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("seconds", "done", "words"),
    [
        (0.5, 2, ""),
        (2.0, 10, "残り約3分"),
        (0.5, 20, "残り約40秒"),
        (0.05, 50, "まもなく終わります"),
        (60.0, 10, "残り約1時間30分"),
        (1.0, 100, ""),
    ],
)
def test_remaining_time_is_told_in_words(seconds: float, done: int, words: str) -> None:
    clock = Clock()
    remaining = Remaining(clock)
    for at in range(done):
        clock.now += seconds
        remaining.step(at + 1)
    assert remaining.words(100) == words


def test_one_slow_file_moves_the_estimate_little() -> None:
    clock = Clock()
    remaining = Remaining(clock)
    for at in range(50):
        clock.now += 1
        remaining.step(at + 1)
    before = remaining.left(100)
    clock.now += 20
    remaining.step(51)
    after = remaining.left(100)
    assert before is not None
    assert after is not None
    assert before < after < before * 3
