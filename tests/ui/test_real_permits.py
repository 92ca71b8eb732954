"""A permit from the first press to the file that is given, over real desks and a real server."""

import time
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from meti_desk.app import make_desk
from meti_desk.server import keys, people, storage
from meti_desk.server.syncing import Server
from meti_desk.services.desk import Desk
from meti_desk.services.messages import ClassifyRequest, Person
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.settings.page import SettingsPage
from tests.ui.conftest import Open
from tests.ui.fake_desk import PASSPHRASE
from tests.ui.screenshots import settle, task
from tests.ui.shots_permits import asking, permits, register, review
from tests.ui.test_flows import click, type_in
from tests.ui.test_review import CTRL, press
from tests.unit.services.test_syncing import URL, Wire

UNIT = "総務課"
STAFF, HEAD = "y1", "s1"
PARTNER = "iin@example.com"
REASON = "第3回審査委員会で配るため"


class Ministry:
    """A server with one member of staff and the responsible person of the 課室."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        storage.make(folder)
        self.server = Server(storage.Database(folder), keys.make(folder))
        for person in (
            people.Person(STAFF, "佐藤 花子", UNIT),
            people.Person(HEAD, "鈴木 一郎", UNIT, role="staff responsible"),
        ):
            people.put_person(self.server.database, person, self.now())

    def now(self) -> int:
        return int(time.time() * 1000)

    def line(self) -> Wire:
        return Wire(self.server, self.now)

    def code(self, person: str) -> str:
        key = self.server.key.fingerprint
        return people.new_code(self.server.database, person, key, self.now()).code


@pytest.fixture
def ministry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ministry]:
    made = Ministry(tmp_path / "ministry")
    monkeypatch.setattr("meti_desk.sync.line.HttpLine", made.line)
    yield made
    made.server.database.close()


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[dict[str, Desk]]:
    """Give the desks of both, on devices of their own."""
    made = {}
    for key, name in ((STAFF, "佐藤 花子"), (HEAD, "鈴木 一郎")):
        desk = make_desk(str(tmp_path / key))
        desk.create(PASSPHRASE, Person(name, "", UNIT, f"{key}@meti.go.jp"), use_keyring=False)
        made[key] = desk
    yield made
    for desk in made.values():
        desk.close()


def settings(window: MainWindow, jobs: Jobs) -> SettingsPage:
    window.open_page("settings")
    settle(jobs, window)
    page = window._pages["settings"]
    assert isinstance(page, SettingsPage)
    return page


def enrol(window: MainWindow, jobs: Jobs, ministry: Ministry, person: str) -> None:
    card = settings(window, jobs).sync
    type_in(card.url.edit, URL)
    type_in(card.code.edit, ministry.code(person))
    card.enrol.click()
    settle(jobs, window)
    sync(window, jobs)


def sync(window: MainWindow, jobs: Jobs) -> None:
    page = settings(window, jobs)
    page.sync.now.click()
    settle(jobs, window)
    assert "同期しました" in page.banner.accessibleName(), page.banner.accessibleName()


def shown(window: QWidget) -> str:
    return "\n".join(one.text() for one in window.findChildren(QLabel) if one.isVisible())


@pytest.fixture
def document(tmp_path: Path) -> Path:
    made = docx.Document()
    made.add_paragraph("審査の結果（案）")
    path = tmp_path / "結果案.docx"
    made.save(str(path))
    return path


def ask_from_the_decision_screen(window: MainWindow, jobs: Jobs, document: Path) -> None:
    window.open_files([str(document)])
    settle(jobs, window)
    click(window, "機密性: 機密性2")
    click(window, "省外に提供")
    type_in(task(window).decide.next.giving.to.edit, PARTNER)
    settle(jobs, window)
    assert not task(window).decide._go.isEnabled()
    click(window, "許可を申請する")
    form = asking(window).page
    form.reason.edit.setPlainText(REASON)
    click(window, "申請する")
    settle(jobs, window)
    assert "申請中（未送信）" in shown(window), form.banner.accessibleName()
    click(window, "今すぐ同期する")
    settle(jobs, window)
    click(window, "戻る")
    settle(jobs, window)
    assert not task(window).decide._go.isEnabled(), "a request permits nothing"


def grant_by_keyboard(window: MainWindow, jobs: Jobs, qtbot: QtBot) -> None:
    link = window.sidebar._buttons["review"]
    qtbot.waitUntil(lambda: link.count >= 1)
    window.activateWindow()
    link.setFocus()
    QTest.keyClick(link, Qt.Key.Key_Space)
    settle(jobs, window)
    page = review(window)
    (row,) = page.requests.model.rows
    assert (row.requester, row.reason) == ("佐藤 花子", REASON)
    assert "結果案.docx" in shown(window)
    page.requests.form.measures.checks["encryption"].setChecked(True)
    press(Qt.Key.Key_A, CTRL)
    press(Qt.Key.Key_Return, CTRL)
    settle(jobs, window)
    assert "1件を許可しました" in page.banner.accessibleName(), page.banner.accessibleName()
    assert page.requests.model.rows == ()


def confirm_all(window: MainWindow, jobs: Jobs) -> None:
    """Say of each duty that it was met."""
    for held in list(task(window).decide.next.measures._rows.values()):
        if held.check is not None and not held.check.isChecked():
            held.check.click()
            settle(jobs, window)


def test_staff_ask_the_head_grants_and_the_file_is_given(
    open_window: Open, desks: dict[str, Desk], jobs: Jobs, ministry: Ministry, qtbot: QtBot,
    document: Path,
) -> None:  # fmt: skip
    head, staff = open_window(desks[HEAD]), open_window(desks[STAFF])
    enrol(head, jobs, ministry, HEAD)
    enrol(staff, jobs, ministry, STAFF)
    ask_from_the_decision_screen(staff, jobs, document)
    (labelled,) = desks[STAFF].inspect((str(document),))
    assert labelled.label is not None
    assert labelled.label.c == 2, "the label decided there was given with the request"
    sync(head, jobs)
    grant_by_keyboard(head, jobs, qtbot)
    sync(head, jobs)
    task(staff).left.emit()
    sync(staff, jobs)
    link = staff.sidebar._buttons["permits"]
    qtbot.waitUntil(lambda: link.count == 1)
    click(staff, "申請・許可（1件）")
    settle(jobs, staff)
    (row,) = permits(staff).model.rows
    assert (row.state, row.decider) == ("conditional", "鈴木 一郎")
    assert "暗号化" in shown(staff)
    staff.open_files([str(document)])
    settle(jobs, staff)
    click(staff, "省外に提供")
    decide = task(staff).decide
    type_in(decide.next.giving.to.edit, PARTNER)
    settle(jobs, staff)
    assert decide.next.measures._rows["permission"]._mark._name == "check"
    for name in ("password", "split", "signature", "backup"):
        held = decide.next.measures._rows.get(name)
        if held is not None and held.choice is not None and held.reason is not None:
            held.choice.button("no").click()
            type_in(held.reason.edit, "許可のとおり暗号化するため")
    settle(jobs, staff)
    confirm_all(staff, jobs)
    assert decide._go.isEnabled(), decide._note.text()
    click(staff, "保護して提供の準備をする")
    settle(jobs, staff)
    assert task(staff).currentWidget() is task(staff).result
    assert (document.parent / "提供用" / document.name).exists()


def test_a_label_is_corrected_and_the_register_is_kept(
    open_window: Open, desks: dict[str, Desk], jobs: Jobs, ministry: Ministry, qtbot: QtBot,
    document: Path,
) -> None:  # fmt: skip
    head, staff = open_window(desks[HEAD]), open_window(desks[STAFF])
    enrol(head, jobs, ministry, HEAD)
    enrol(staff, jobs, ministry, STAFF)
    desks[STAFF].classify(ClassifyRequest(paths=(str(document),), c=2, reason="審査の途中のため"))
    sync(staff, jobs)
    sync(head, jobs)
    qtbot.waitUntil(lambda: head.sidebar._buttons["review"].count >= 1)
    head.sidebar.chosen.emit("review")
    settle(jobs, head)
    page = review(head)
    page.show_part("labels")
    (row,) = page.labels.model.rows
    assert row.documents[0].title == document.name
    page.labels.form.c.set_value(3)
    type_in(page.labels.form.note.edit, "個人の評価があるため")
    click(head, "修正を指示する")
    settle(jobs, head)
    assert "修正を指示しました" in page.banner.accessibleName()
    sync(head, jobs)
    sync(staff, jobs)
    staff.open_page("home")
    settle(jobs, staff)
    assert "個人の評価があるため" in shown(staff)
    click(staff, "格付の修正の指示を見る")
    settle(jobs, staff)
    click(staff, f"{document.name}の格付を決め直す")
    settle(jobs, staff)
    click(staff, "機密性: 機密性3")
    settle(jobs, staff)
    reason = task(staff).decide.label.findChildren(type(page.labels.form.note))
    for field in reason:
        if field.isVisible() and not field.text:
            type_in(field.edit, "指示のため")
    settle(jobs, staff)
    confirm_all(staff, jobs)
    click(staff, "格付して保存する")
    settle(jobs, staff)
    assert task(staff).currentWidget() is task(staff).result, task(staff).decide._note.text()
    task(staff).left.emit()
    sync(staff, jobs)
    staff.open_page("register")
    settle(jobs, staff)
    (entry,) = register(staff).model.rows
    assert entry.title == document.name
    sync(head, jobs)
    head.open_page("register")
    settle(jobs, head)
    (seen,) = register(head).model.rows
    assert (seen.title, seen.keeper) == (document.name, "佐藤 花子")
    assert register(head).stock.isVisible()
