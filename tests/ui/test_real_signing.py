"""署名する and 署名を確かめる over the real desk: from a PDF and a Word file to their cards."""

from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from meti_desk.app import make_desk
from meti_desk.services.desk import Desk
from meti_desk.services.messages import ClassifyRequest, Person
from meti_desk.ui.jobs import Jobs
from tests.ui.conftest import Open
from tests.ui.fake_desk import PASSPHRASE
from tests.ui.screenshots import settle
from tests.ui.shots_signing import signing, verifying
from tests.ui.test_signing import texts
from tests.unit.protection.signing.signing_world import ME, pkcs12_of, plain_pdf


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(str(tmp_path / "store"))
    desk.create(PASSPHRASE, Person("山田 太郎", "", "", "yamada@meti.go.jp"), use_keyring=False)
    yield desk
    desk.close()


def test_files_are_signed_and_verified(
    open_window: Open, real: Desk, jobs: Jobs, tmp_path: Path
) -> None:
    paper, word = tmp_path / "合意.pdf", tmp_path / "案.docx"
    paper.write_bytes(plain_pdf())
    made = docx.Document()
    made.add_paragraph("取決め")
    made.save(str(word))
    done = real.classify(ClassifyRequest(paths=(str(paper), str(word)), c=2))
    assert [row.error for row in done.files] == [None, None]
    window = open_window(real)
    window.desktop.task_wanted.emit("sign", (str(paper), str(word)))
    settle(jobs, window)
    task = signing(window)
    task.page.own.take(str(pkcs12_of(tmp_path)))
    settle(jobs, window)
    task.page.secret.edit.setText("かぎ")
    task.page.stamp.seen.setChecked(True)
    settle(jobs, window)
    assert task.page.stamp.canvas.filled
    task.page._start()
    settle(jobs, window)
    assert task.currentWidget() is task.result, texts(task.page)
    signed = tmp_path / "合意_署名済み.pdf"
    assert signed.exists()
    assert (tmp_path / "案.docx.p7s").exists()
    task.left.emit()

    signed.write_bytes(signed.read_bytes())
    changed = tmp_path / "変.pdf"
    changed.write_bytes(signed.read_bytes().replace(b"Agreement 100", b"Agreement 900"))
    window.desktop.task_wanted.emit("verify", (str(signed), str(word), str(changed)))
    settle(jobs, window)
    rows = {Path(one.path).name: one.signatures[0] for one in verifying(window).rows}
    assert rows["合意_署名済み.pdf"].signer == ME
    assert rows["合意_署名済み.pdf"].intact
    assert rows["案.docx"].intact
    assert not rows["変.pdf"].intact
    told = texts(verifying(window))
    assert "署名の後に変更されたか、正しい署名ではありません" in told
    assert "改ざんはありません（署名者の証明書は確認できません）" in told
