"""宛先, 保護する and 開く over the real desk: from certificate to opened file, by a card too."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import docx
import pkcs11
import pytest

from meti_desk.app import make_desk
from meti_desk.services.desk import Desk
from meti_desk.services.messages import Person
from meti_desk.ui.jobs import Jobs
from tests.ui.conftest import Open
from tests.ui.fake_desk import PASSPHRASE
from tests.ui.screenshots import settle
from tests.ui.shots_recipients import opening, protecting, recipients
from tests.ui.test_flows import click
from tests.unit.protection.keys.key_material import (
    DAY,
    SOFTHSM,
    Authority,
    Card,
    has_softhsm,
    make,
    p12,
    pem,
    rsa_key,
)

MAIL, SECRET = "yamada@meti.go.jp", "鍵の パスワード 2026"
LATER = dt.datetime.now(dt.UTC) + 300 * DAY
ROOT = Authority(ends=LATER + 300 * DAY)
CERTIFICATE = make("山田 太郎", rsa_key(), ROOT, ends=LATER, mail=MAIL)


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Give a desk of an office that trusts one root."""
    roots = tmp_path / "office" / "certificates" / "roots"
    roots.mkdir(parents=True)
    (roots / "root.pem").write_bytes(pem(ROOT.certificate))
    monkeypatch.setattr("meti_desk.services.trust.office_folder", lambda: tmp_path / "office")
    desk = make_desk(str(tmp_path / "store"))
    desk.create(PASSPHRASE, Person("山田 太郎", "", "", MAIL), use_keyring=False)
    yield desk
    desk.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    made = docx.Document()
    made.add_paragraph("審査の結果（案）")
    path = tmp_path / "案.docx"
    made.save(str(path))
    return path


def protect_for_certificate(
    open_window: Open, real: Desk, jobs: Jobs, tmp_path: Path, source: Path
) -> Path:
    """Import the certificate on 宛先, protect on 保護する; gives what came out."""
    path = tmp_path / "yamada.cer"
    path.write_bytes(pem(CERTIFICATE))
    window = open_window(real)
    window.open_page("recipients")
    settle(jobs, window)
    page = recipients(window)
    page.take(str(path))
    settle(jobs, window)
    assert page.model.rows[0].ready
    window.desktop.task_wanted.emit("protect", (str(source),))
    settle(jobs, window)
    task = protecting(window)
    task.page.to.take(MAIL)
    settle(jobs, window)
    assert task.page.how.key == "certificate"
    click(window, "保護する")
    settle(jobs, window)
    assert task.currentWidget() is task.result
    (made,) = (tmp_path / "保護").iterdir()
    task.left.emit()
    settle(jobs, window)
    window.desktop.task_wanted.emit("open", (str(made),))
    settle(jobs, window)
    opening(window).page.way.button("key").click()
    return made


def test_with_a_key_file(
    open_window: Open, real: Desk, jobs: Jobs, tmp_path: Path, source: Path
) -> None:
    made = protect_for_certificate(open_window, real, jobs, tmp_path, source)
    assert "審査" not in made.read_bytes().decode("utf-8", "ignore")
    key = tmp_path / "yamada.p12"
    key.write_bytes(p12(rsa_key(), CERTIFICATE, SECRET))
    window = open_window(real)
    window.desktop.task_wanted.emit("open", (str(made),))
    settle(jobs, window)
    task = opening(window)
    task.page.way.button("key").click()
    task.page.own.take(str(key))
    settle(jobs, window)
    for typed in ("違う", SECRET):
        task.page.secret.edit.setText(typed)
        task.page._go.click()
        settle(jobs, window)
        assert (task.currentWidget() is task.result) is (typed == SECRET)
    (back,) = (made.parent / "取り出し").iterdir()
    assert back.read_bytes() == source.read_bytes()


@pytest.mark.skipif(not has_softhsm(), reason="needs softhsm2 and opensc")
def test_with_a_card(
    open_window: Open, real: Desk, jobs: Jobs, tmp_path: Path, source: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    card = Card(tmp_path / "card")
    card.add(rsa_key(), CERTIFICATE, "01")
    monkeypatch.setenv("SOFTHSM2_CONF", str(card.conf))
    pkcs11.unload(SOFTHSM)
    made = protect_for_certificate(open_window, real, jobs, tmp_path, source)
    real.own_key.use_card(SOFTHSM)
    window = open_window(real)
    window.desktop.task_wanted.emit("open", (str(made),))
    settle(jobs, window)
    task = opening(window)
    task.page.way.button("key").click()
    assert task.page.secret.edit.accessibleName() == "カードの暗証番号（PIN）"
    task.page.secret.edit.setText(card.PIN)
    task.page._go.click()
    settle(jobs, window)
    assert task.currentWidget() is task.result
    (back,) = (made.parent / "取り出し").iterdir()
    assert back.read_bytes() == source.read_bytes()
    pkcs11.unload(SOFTHSM)


def test_with_a_made_password(
    open_window: Open, real: Desk, jobs: Jobs, tmp_path: Path, source: Path
) -> None:
    window = open_window(real)
    window.desktop.task_wanted.emit("protect", (str(source),))
    settle(jobs, window)
    task = protecting(window)
    assert (task.page.how.method, task.page.how.key) == ("office", "made")
    click(window, "保護する")
    settle(jobs, window)
    assert task.result._password is not None
    password = task.result._password._password
    made = tmp_path / "保護" / source.name
    task.left.emit()
    settle(jobs, window)
    window.desktop.task_wanted.emit("open", (str(made),))
    settle(jobs, window)
    opened = opening(window)
    opened.page.secret.edit.setText(password)
    opened.page._go.click()
    settle(jobs, window)
    assert opened.currentWidget() is opened.result
    (back,) = (made.parent / "取り出し").iterdir()
    assert docx.Document(str(back)).paragraphs[0].text == "審査の結果（案）"
