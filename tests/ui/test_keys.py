"""The key of the store in the window: 設定, and the way back on the locked page."""

import pytest
from pytestqt.qtbot import QtBot

from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.settings.keys import KeysCard
from meti_desk.ui.settings.page import SettingsPage
from meti_desk.ui.welcome.unlock import UnlockPage
from tests.ui.conftest import Open
from tests.ui.fake_desk import PASSPHRASE, FakeDesk
from tests.ui.fake_keys import CODE

NEW = "まったく別の パスフレーズ です"


@pytest.fixture
def keys(open_window: Open, desk: FakeDesk, qtbot: QtBot) -> KeysCard:
    """Open 設定 and give the card of the keys."""
    window = open_window(desk)
    window.open_page("settings")
    idle(window, qtbot)
    page = window._pages["settings"]
    assert isinstance(page, SettingsPage)
    return page.keys


def idle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window._jobs.busy)


def settled(keys: KeysCard, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not keys._desktop.jobs.busy)


def test_the_code_is_shown_until_it_is_noted(keys: KeysCard, desk: FakeDesk, qtbot: QtBot) -> None:
    assert keys._backed.text() == "まだ作っていません。"
    keys.now.edit.setText(PASSPHRASE)
    keys.back_up_to("/home/sato/鍵の控え.json")
    settled(keys, qtbot)
    assert desk.store_keys.written == ["/home/sato/鍵の控え.json"]
    assert (keys.code.text(), keys._shown_code.isVisible()) == (CODE, True)
    assert keys.now.edit.text() == ""
    qtbot.waitUntil(lambda: "2026" in keys._backed.text() or "11" in keys._backed.text())
    keys._noted.click()
    assert (keys.code.text(), keys._shown_code.isVisible()) == ("", False)


def test_nothing_is_done_without_todays_passphrase(keys: KeysCard, desk: FakeDesk) -> None:
    keys.renew.click()
    keys.change.click()
    keys.back_up_to("/home/sato/x")
    assert (desk.store_keys.renewed, desk.store_keys.written) == (0, [])
    assert keys.now._wrong.text() == "今のパスフレーズを入れてください。"


def test_a_wrong_passphrase_is_told_and_renews_nothing(
    keys: KeysCard, desk: FakeDesk, qtbot: QtBot
) -> None:
    keys.now.edit.setText("違う パスフレーズ")
    keys.renew.click()
    settled(keys, qtbot)
    assert desk.store_keys.renewed == 0
    assert keys._banner.isVisible()
    assert keys.renew.isEnabled()
    keys.now.edit.setText(PASSPHRASE)
    keys.renew.click()
    settled(keys, qtbot)
    assert desk.store_keys.renewed == 1


def test_the_passphrase_is_changed(keys: KeysCard, desk: FakeDesk, qtbot: QtBot) -> None:
    keys.now.edit.setText(PASSPHRASE)
    keys.new.first.edit.setText(NEW)
    keys.new.second.edit.setText(NEW)
    keys.change.click()
    settled(keys, qtbot)
    assert desk.passphrase == NEW
    assert keys.new.first.edit.text() == ""


def test_who_forgot_the_passphrase_gets_back_in_by_the_backup(
    open_window: Open, qtbot: QtBot
) -> None:
    desk = FakeDesk("locked")
    desk.store_keys.written.append("/home/sato/控え.json")
    window = open_window(desk)
    (gate,) = window.findChildren(UnlockPage)
    gate.lost.click()
    back = gate.back
    assert back is not None
    back.restore()
    assert back.file._wrong.text() == "控えのファイルを選んでください。"
    back.file.edit.setText("/home/sato/控え.json")
    back.code.edit.setText("another")
    back.new.first.edit.setText(NEW)
    back.new.second.edit.setText(NEW)
    back.restore()
    idle(window, qtbot)
    assert gate.banner.isVisible()
    back.code.edit.setText(CODE)
    back.restore()
    idle(window, qtbot)
    assert (desk.state(), desk.passphrase) == ("open", NEW)
    assert "home" in window._pages


def test_the_owner_is_told_of_wrong_passphrases(open_window: Open, qtbot: QtBot) -> None:
    desk = FakeDesk("locked")
    desk.failed = 3
    window = open_window(desk)
    (gate,) = window.findChildren(UnlockPage)
    gate.field.edit.setText(PASSPHRASE)
    gate.unlock()
    qtbot.waitUntil(window._notice.isVisible)
    assert "3回" in window._notice.accessibleName() + "".join(
        one.text() for one in window._notice.findChildren(type(gate._outside))
    )
