"""The window over the real desk: first run, a real Word document provided, records, lock."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import msoffcrypto
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from meti_desk.app import make_desk
from meti_desk.services.desk import Desk
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.ledger.page import LedgerPage
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.welcome.first_run import FirstRunPage
from meti_desk.ui.welcome.unlock import UnlockPage
from meti_desk.ui.widgets.fields import Field
from tests.ui.conftest import Open
from tests.ui.fake_desk import PASSPHRASE
from tests.ui.screenshots import settle, task
from tests.ui.test_flows import click, named, type_in

SECRET = "ここは渡す前に消す"
AUTHOR = "鈴木 一郎"


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(str(tmp_path / "store"))
    yield desk
    desk.close()


@pytest.fixture
def document(tmp_path: Path) -> Path:
    made = docx.Document()
    said = made.add_paragraph("審査の結果（案）")
    made.add_comment(said.runs[0], text=SECRET, author=AUTHOR, initials="S")
    made.core_properties.author = AUTHOR
    path = tmp_path / "結果案.docx"
    made.save(str(path))
    return path


def _first_run(window: MainWindow, jobs: Jobs) -> None:
    page = window.findChildren(FirstRunPage)[0]
    type_in(page.person.name.edit, "山田 太郎")
    type_in(page.person.mail.edit, "yamada@meti.go.jp")
    page.passphrase.first.edit.setText(PASSPHRASE)
    page.passphrase.second.edit.setText(PASSPHRASE)
    click(window, "始める")
    settle(jobs, window)


def _provide(window: MainWindow, jobs: Jobs, document: Path) -> None:
    window.open_files([str(document)])
    settle(jobs, window)
    click(window, "機密性: 機密性2")
    click(window, "省外に提供")
    shown = task(window).decide
    type_in(shown.next.giving.to.edit, "iin@example.com")
    settle(jobs, window)
    assert not shown._go.isEnabled()
    click(window, "口頭・書面の許可を記入する")
    fields = shown.next.measures._rows["permission"].findChildren(Field)
    for field, text in zip(fields, ("課長 鈴木", "11月20日", "口頭"), strict=True):
        type_in(field.edit, text)
    settle(jobs, window)
    assert shown._go.isEnabled(), shown._note.text()
    click(window, "保護して提供の準備をする")
    settle(jobs, window)
    assert task(window).currentWidget() is task(window).result


def _opened_copy(path: Path, password: str, plain: Path) -> str:
    with path.open("rb") as held, plain.open("wb") as out:
        office = msoffcrypto.OfficeFile(held)
        office.load_key(password=password)
        office.decrypt(out)
    with zipfile.ZipFile(plain) as package:
        return "\n".join(
            package.read(name).decode("utf-8", "replace") for name in package.namelist()
        )


def test_from_first_run_to_a_protected_copy_its_record_and_the_lock(
    open_window: Open, real: Desk, jobs: Jobs, document: Path, tmp_path: Path
) -> None:
    original = document.read_bytes()
    window = open_window(real)
    _first_run(window, jobs)
    assert real.state() == "open"
    _provide(window, jobs, document)
    password = task(window).result._password
    assert password is not None
    made = document.parent / "提供用" / document.name
    inside = _opened_copy(made, password._password, tmp_path / "plain.docx")
    assert "審査の結果（案）" in inside
    assert SECRET not in inside
    assert AUTHOR not in inside
    assert document.read_bytes() == original
    click(window, "ホームへ")
    settle(jobs, window)
    assert named(window, "許可の記録を見る")
    click(window, "取扱記録")
    settle(jobs, window)
    page = window._pages["ledger"]
    assert isinstance(page, LedgerPage)
    held = [page.model.row(n) for n in range(page.model.rowCount())]
    assert "handle" in [one.kind for one in held if one is not None]
    click(window, "改ざんがないか確かめる")
    settle(jobs, window)
    assert "改ざんはありません" in page.banner.accessibleName()
    _lock_and_open(window, jobs, real)


def _lock_and_open(window: MainWindow, jobs: Jobs, real: Desk) -> None:
    click(window, "ロック")
    settle(jobs, window)
    assert real.state() == "locked"
    gate = window.findChildren(UnlockPage)[-1]
    gate.field.edit.setText("ちがうパスフレーズです")
    QTest.keyClick(gate.field.edit, Qt.Key.Key_Return)
    settle(jobs, window)
    assert real.state() == "locked"
    assert "パスフレーズが違います" in gate.banner.accessibleName()
    gate.field.edit.setText(PASSPHRASE)
    QTest.keyClick(gate.field.edit, Qt.Key.Key_Return)
    settle(jobs, window)
    assert real.state() == "open"
    assert named(window, "ホーム").isChecked()


def test_storing_labels_in_place_and_says_where_it_lies(
    open_window: Open, real: Desk, jobs: Jobs, document: Path
) -> None:
    window = open_window(real)
    _first_run(window, jobs)
    document.chmod(0o644)
    window.open_files([str(document)])
    settle(jobs, window)
    click(window, "機密性: 機密性2")
    settle(jobs, window)
    click(window, "格付して保存する")
    settle(jobs, window)
    found = real.inspect((str(document),))[0]
    assert found.label is not None
    assert (found.label.c, found.seal) == (2, "sealed")
    kinds = [one.kind for one in real.ledger()]
    assert kinds == ["handle", "classify"]
    assert [one.name for one in document.parent.glob("*.docx")] == [document.name]
    assert named(window, f"{document.name}のフォルダを開く")
