"""分割する・結合する over the real desk: from a document to its parts and back, and a password."""

from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from meti_desk.app import make_desk
from meti_desk.services.desk import Desk
from meti_desk.services.messages import Person
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.passwords.card import PasswordCard
from meti_desk.ui.widgets.banner import Banner
from tests.ui.conftest import Open
from tests.ui.fake_desk import PASSPHRASE
from tests.ui.screenshots import joining, settle, splitting
from tests.ui.test_splitting import texts

WHO = "iin@example.com"


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(str(tmp_path / "store"))
    desk.create(PASSPHRASE, Person("山田 太郎", "", "", "yamada@meti.go.jp"), use_keyring=False)
    yield desk
    desk.close()


@pytest.fixture
def document(tmp_path: Path) -> Path:
    made = docx.Document()
    made.add_paragraph("審査の結果（案）")
    path = tmp_path / "案.docx"
    made.save(str(path))
    return path


def test_a_document_is_split_and_joined_from_files_and_a_sheet(
    open_window: Open, real: Desk, jobs: Jobs, document: Path, tmp_path: Path
) -> None:
    window = open_window(real)
    window.desktop.task_wanted.emit("split", (str(document),))
    settle(jobs, window)
    task = splitting(window)
    task.page.routes.rows[2].kind._choose("paper")
    task.page.go.click()
    settle(jobs, window)
    assert task.currentWidget() is task.result, texts(task.page)
    made = sorted((tmp_path / "分割").iterdir())
    parts = [str(one) for one in made if one.suffix == ".metipart"]
    sheet = next(str(one) for one in made if one.suffix == ".pdf")
    task.left.emit()

    back = tmp_path / "戻し先"
    back.mkdir()
    window.desktop.task_wanted.emit("join", (*parts, str(document)))
    settle(jobs, window)
    page = joining(window).page
    assert "足りない部分：3番目" in texts(page)
    assert "分割した情報でも" in texts(page)
    page._remove(len(parts))
    page._out = str(back)
    page.add([sheet])
    settle(jobs, window)
    assert page.go.isEnabled()
    page.go.click()
    settle(jobs, window)
    assert (back / "案.docx").read_bytes() == document.read_bytes()
    assert [row.kind for row in real.ledger(limit=2)] == ["join", "split"]


def test_a_password_is_agreed_for_good(
    open_window: Open, real: Desk, jobs: Jobs, tmp_path: Path
) -> None:
    window = open_window(real)
    card = PasswordCard(window.desktop, Banner())
    card.setParent(window)
    card.show()
    card.show_recipient(WHO)
    settle(jobs, window)
    card.agree.click()
    settle(jobs, window)
    secret = real.passwords.reveal(WHO)
    assert secret in texts(card)
    real.lock()
    real.unlock(PASSPHRASE)
    assert real.passwords.use((WHO,)) == secret
    assert real.passwords.list()[0].last_used
    store = b"".join(one.read_bytes() for one in (tmp_path / "store").rglob("*") if one.is_file())
    assert secret.encode() not in store
    card.hide_password()
