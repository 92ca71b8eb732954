"""署名する and 署名を確かめる: what is asked, what is refused, and the words of each signature."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from meti_desk.services.signing_messages import SignatureView, StampPlace
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.protecting.ways import ways
from meti_desk.ui.signing.task import SignTask
from meti_desk.ui.strings import term
from meti_desk.ui.verifying.card import codes_of, headline, signature_card
from meti_desk.ui.verifying.task import VerifyTask
from tests.ui.conftest import Open
from tests.ui.fake_desk import FOLDER, FakeDesk, paths
from tests.ui.fake_signing import CHANGED, GOOD, REVOKED, UNKNOWN
from tests.ui.screenshots import settle, task
from tests.ui.shots_signing import show_verify, signing, verifying

PAPER, WORD = paths("意見.pdf", "案.docx")


def texts(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def opened(window: MainWindow, jobs: Jobs, *named: str) -> SignTask:
    window.desktop.task_wanted.emit("sign", named or (PAPER, WORD))
    settle(jobs, window)
    return signing(window)


def test_both_ways_are_on_the_page(open_window: Open, desk: FakeDesk) -> None:
    assert {"sign", "verify"} <= {way.task for way in ways()}
    open_window(desk)


def test_nothing_can_be_signed_without_file_key_and_password(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.own_key.forget()
    page = opened(open_window(desk), jobs).page
    page._clear()
    assert not page._go.isEnabled()
    page.add([WORD])
    assert page._note.text() == "自分の鍵を選んでください。"
    page.own.take("/home/sato/sato.p12")
    settle(jobs)
    assert "パスワード" in page._note.text()
    assert not page._go.isEnabled()
    page.secret.edit.setText("x")
    assert page._go.isEnabled()


def test_a_wrong_password_is_told_where_it_is_typed(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.own_key.use_p12("/home/sato/sato.p12")
    task = opened(open_window(desk), jobs)
    task.page.secret.edit.setText("falsch")
    task.page._start()
    settle(jobs)
    assert task.currentWidget() is task.page
    assert task.page.banner.isVisibleTo(task)
    assert desk.signatures.signed == []


def test_files_are_signed_and_the_secret_is_forgotten(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.own_key.use_p12("/home/sato/sato.p12")
    task = opened(open_window(desk), jobs)
    task.page.secret.edit.setText(desk.signatures.SECRET)
    task.page.reason.edit.setText(" 承認します ")
    task.page._start()
    settle(jobs)
    assert task.currentWidget() is task.result
    (order,) = desk.signatures.signed
    assert (order.paths, order.reason, order.place) == ((PAPER, WORD), "承認します", None)
    assert task.page.secret.edit.text() == ""
    told = texts(task.result)
    assert "電子署名（PAdES、PDF の中）" in told
    assert "電子署名（CMS、別ファイル .p7s）" in told


def test_the_stamp_is_placed_by_corner_and_by_click(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    task = opened(open_window(desk), jobs)
    stamp = task.page.stamp
    assert stamp.place is None
    stamp.seen.setChecked(True)
    assert stamp.canvas.isVisibleTo(stamp)
    wide, high = stamp.canvas.size_in_points
    right = stamp.place
    assert right is not None
    assert right.x + right.width == pytest.approx(wide - 36, abs=0.2)
    assert right.y == 36
    stamp.corner.set_value("bl")
    stamp._cornered()
    low = stamp.place
    assert low is not None
    assert (low.x, low.y + low.height) == (36, pytest.approx(high - 36, abs=0.2))
    frame = stamp.canvas._frame()
    middle = QPoint(round(frame.center().x()), round(frame.center().y()))
    QTest.mouseClick(stamp.canvas, Qt.MouseButton.LeftButton, pos=middle)
    there = stamp.place
    assert there is not None
    assert there.x + there.width / 2 == pytest.approx(wide / 2, abs=3)
    assert there.y + there.height / 2 == pytest.approx(high / 2, abs=3)
    assert stamp.corner.value is None
    edge = QPoint(round(frame.left()) + 1, round(frame.top()) + 1)
    QTest.mouseClick(stamp.canvas, Qt.MouseButton.LeftButton, pos=edge)
    assert stamp.place is not None
    assert (stamp.place.x, stamp.place.y) == (0, 0)
    stamp.on.click()
    settle(jobs)
    assert stamp.place is not None
    assert stamp.place.page == 2


def test_without_a_pdf_there_is_no_stamp(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    stamp = opened(open_window(desk), jobs, WORD).page.stamp
    assert not stamp.seen.isEnabled()
    assert stamp.place is None
    assert not stamp.canvas.isVisibleTo(stamp)


def test_the_order_carries_the_place(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    page = opened(open_window(desk), jobs).page
    page.stamp.seen.setChecked(True)
    page.stamp._placed(50.0, 60.0)
    assert page.order().place == StampPlace(page=1, x=50, y=60)


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (GOOD, "signature.intact"),
        (UNKNOWN, "signature.intact-unknown"),
        (REVOKED, "signature.intact-unknown"),
        (CHANGED, "signature.not-intact"),
    ],
)
def test_what_is_said_first(qapp: object, one: SignatureView, code: str) -> None:
    del qapp
    assert headline(one) == code
    shown = signature_card(one)
    told = texts(shown)
    assert told.startswith(term(code))
    assert one.signer in told
    assert all(term(f"note.{code}") in told for code in codes_of(one))
    assert not any(line.startswith("note.") for line in told.splitlines())


def test_only_a_proven_time_is_called_proven(qapp: object) -> None:
    del qapp
    assert "時刻認証局が証明" in texts(signature_card(GOOD))
    assert "署名者の申告" in texts(signature_card(UNKNOWN))


def test_each_file_gets_its_cards(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window = open_window(desk)
    show_verify(window, desk)
    settle(jobs, window)
    task = verifying(window)
    assert isinstance(task, VerifyTask)
    told = texts(task)
    assert "5件のファイル" in told
    for name in ("合意書.pdf", "契約書.docx.p7s", "変更後.pdf", "失効.pdf", "未署名.docx"):
        assert name in told
    assert "署名の対象：契約書.docx" in told
    assert "電子署名がありません。" in told
    assert "失効しています" in told


def test_the_same_file_is_shown_once_and_all_can_be_cleared(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    window.desktop.task_wanted.emit("verify", None)
    settle(jobs, window)
    task = verifying(window)
    assert "ここに置いてください" in texts(task)
    for _ in range(2):
        task.add([f"{FOLDER}/合意書.pdf"])
        settle(jobs)
    assert len(task.rows) == 1
    assert len(desk.signatures.verified) == 2
    task.clear()
    settle(jobs, window)
    assert "ここに置いてください" in texts(task)


def test_an_act_asks_for_the_key_while_a_signature_is_necessary(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    window.open_files(list(paths()))
    settle(jobs, window)
    decide = task(window).decide
    panel, draft = decide.next, decide.draft
    panel._choose("provide")
    assert panel.giving.key.isHidden()
    panel.measures.decided.emit("signature", "yes")
    settle(jobs, window)
    assert not panel.giving.key.isHidden()
    QTest.keyClicks(panel.giving.key.edit, " pin 1 ")
    assert draft.handle_request().key_secret == " pin 1 "
    assert "pin" not in repr(draft.handle_request())
    panel.measures.decided.emit("signature", "no:公印がある")
    settle(jobs, window)
    assert panel.giving.key.isHidden()
    assert panel.giving.key.edit.text() == ""
    assert draft.handle_request().key_secret == ""
