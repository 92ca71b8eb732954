"""暗号の緊急対応 in the window: marked, protected anew, old copies removed after confirming."""

import pytest
from pytestqt.qtbot import QtBot

from meti_desk.ui.emergency.page import EmergencyPage
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk
from tests.ui.fake_emergency import OLD


@pytest.fixture
def page(open_window: Open, desk: FakeDesk, qtbot: QtBot) -> EmergencyPage:
    window = open_window(desk)
    window.desktop.task_wanted.emit("emergency", None)
    (shown,) = window.findChildren(EmergencyPage)
    settled(shown, qtbot)
    return shown


def settled(page: EmergencyPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page.desktop.jobs.busy)


def choose(page: EmergencyPage, name: str) -> None:
    names = [one.id for one in page.algorithms.rows]
    page.table.selectRow(names.index(name))


def test_only_what_is_used_is_shown_until_all_is_asked_for(page: EmergencyPage) -> None:
    assert "camellia" not in {one.id for one in page.algorithms.rows}
    page.unused.setChecked(True)
    assert "camellia" in {one.id for one in page.algorithms.rows}


def test_a_mark_needs_its_reference(page: EmergencyPage, desk: FakeDesk, qtbot: QtBot) -> None:
    assert not page.mark.isEnabled()
    choose(page, "sha-1")
    page.mark.click()
    assert desk.emergency.marks == {}
    assert page.reference._wrong.text() == "根拠を入れてください。"
    page.reference.edit.setText("令和8年第3号")
    page.mark.click()
    settled(page, qtbot)
    assert desk.emergency.marks == {"sha-1": ("令和8年第3号", False)}
    assert page.affected.count("waiting") == 3
    assert not page.mark.isEnabled()
    page.reference.edit.setText("取消しの通知")
    page.lift.click()
    settled(page, qtbot)
    assert desk.emergency.marks == {}


def test_from_the_notice_to_the_last_old_copy(
    page: EmergencyPage, desk: FakeDesk, qtbot: QtBot
) -> None:
    page.take_notice("/home/sato/notice.pdf")
    settled(page, qtbot)
    assert page.banner.isVisible()
    page.take_notice("/home/sato/notice.json")
    settled(page, qtbot)
    choose(page, "sha-1")
    assert not page.lift.isEnabled()
    assert not page.remove.isEnabled()
    page.password.edit.setText("違う")
    page.anew.click()
    settled(page, qtbot)
    assert page.affected.count("waiting") == 3
    page.password.edit.setText(OLD)
    page.anew.click()
    settled(page, qtbot)
    assert page.affected.count("replaced") == 3
    assert page.password.edit.text() == ""
    assert not page.anew.isEnabled()
    page.remove.click()
    assert page._sure.isVisible()
    assert page.affected.count("replaced") == 3, "nothing goes before it is confirmed"
    page.sure.click()
    settled(page, qtbot)
    assert page.affected.count("removed") == 3
    assert set(desk.emergency.states.values()) == {"removed"}
