"""The sync in 設定: enrolled by a code, its state told, what is sent shown."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from meti_desk.sync.landing import LoopbackLanding
from meti_desk.ui.settings.page import SettingsPage
from meti_desk.ui.settings.sync import SyncCard
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk
from tests.ui.fake_sync import CODE, URL


@pytest.fixture
def card(open_window: Open, desk: FakeDesk, qtbot: QtBot) -> SyncCard:
    window = open_window(desk)
    window.open_page("settings")
    page = window._pages["settings"]
    assert isinstance(page, SettingsPage)
    settled(page.sync, qtbot)
    return page.sync


def settled(card: SyncCard, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not card._desktop.jobs.busy)


def test_a_device_is_enrolled_by_its_code(card: SyncCard, desk: FakeDesk, qtbot: QtBot) -> None:
    assert card._form.isVisible()
    card.enrol.click()
    assert card.url._wrong.text() == "アドレスを入れてください。"
    card.url.edit.setText(URL)
    card.code.edit.setText("another")
    card.enrol.click()
    settled(card, qtbot)
    assert card._banner.isVisible()
    assert card._form.isVisible()
    card.code.edit.setText(CODE)
    card.enrol.click()
    settled(card, qtbot)
    assert desk.syncing.view.enrolled
    assert "未送信：0件" in card._state.text(), "it hears at once who decides"
    assert card._held.isVisible()


@pytest.mark.parametrize("comes_back", [True, False])
def test_a_device_is_enrolled_by_a_login_in_the_browser(
    card: SyncCard, desk: FakeDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, *,
    comes_back: bool,
) -> None:  # fmt: skip
    class Visit(LoopbackLanding):
        def visited(self, login: str) -> str:
            return "code=1" if comes_back else super().visited(login)

    shown: list[str] = []
    monkeypatch.setattr("meti_desk.sync.landing.LoopbackLanding", Visit)
    monkeypatch.setattr(
        "PySide6.QtGui.QDesktopServices.openUrl", lambda url: shown.append(url.toString())
    )
    card.login.click()
    assert card.url._wrong.text() == "アドレスを入れてください。"
    card.url.edit.setText(URL)
    card.login.click()
    assert not card.enrol.isEnabled()
    assert card.stop.isVisible()
    if not comes_back:
        card.stop.click()
    settled(card, qtbot)
    assert desk.syncing.view.enrolled is comes_back
    assert card._held.isVisible() is comes_back
    assert not card._waiting.isVisible()
    assert card.login.isEnabled()


def test_what_waits_is_shown_and_sent(card: SyncCard, desk: FakeDesk, qtbot: QtBot) -> None:
    card.show_status(desk.syncing.enrol(CODE, URL))
    card.show_outgoing.click()
    settled(card, qtbot)
    assert '"kind": "classify"' in card.outgoing.toPlainText()
    desk.syncing.away = True
    card.now.click()
    settled(card, qtbot)
    assert "サーバーに届きません" in card._trouble.text()
    assert card._trouble.isVisible()
    assert "未送信：3件" in card._state.text()
    assert card.now.isEnabled()
    desk.syncing.away = False
    card.now.click()
    settled(card, qtbot)
    assert "最終同期：11月20日" in card._state.text()
    assert "未送信：0件" in card._state.text()
    assert not card._trouble.isVisible()


def test_who_the_server_takes_one_for_is_told(card: SyncCard, desk: FakeDesk, qtbot: QtBot) -> None:
    card.show_status(desk.syncing.enrol(CODE, URL))

    def told() -> bool:
        texts = {one.text() for one in card.findChildren(QLabel) if one.isVisible()}
        return {"佐藤 花子", "商務情報政策局 総務課", URL} <= texts

    qtbot.waitUntil(told)


def test_the_device_leaves_after_a_question(card: SyncCard, desk: FakeDesk, qtbot: QtBot) -> None:
    card.show_status(desk.syncing.enrol(CODE, URL))
    card.leave.click()
    assert desk.syncing.view.enrolled
    card.sure.click()
    settled(card, qtbot)
    assert not desk.syncing.view.enrolled
    assert card._form.isVisible()
    assert not card._held.isVisible()
