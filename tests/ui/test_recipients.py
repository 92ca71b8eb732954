"""宛先, 保護する and 開く: what a person does there, and what the desk is asked for."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from meti_desk.protection.keys.pkcs11 import TokenFacts
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.protect.task import ProtectTask
from meti_desk.ui.protect.to import address_in
from meti_desk.ui.recipients.page import RecipientsPage
from meti_desk.ui.recipients.words import grouped
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk, paths
from tests.ui.fake_recipients import FakeProtecting
from tests.ui.screenshots import settle
from tests.ui.shots_recipients import opening, protecting, recipients
from tests.ui.test_flows import click, named

SELF_SIGNED, NEW = "keiri@example.co.jp", "new@example.jp"


def book(window: MainWindow, jobs: Jobs, mail: str = "") -> RecipientsPage:
    window.open_page("recipients")
    settle(jobs, window)
    page = recipients(window)
    if mail:
        page.table.selectRow(page.model.place_of(mail))
        settle(jobs, window)
    return page


def test_the_list_tells_how_it_stands_and_is_searched(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    page = book(open_window(desk), jobs)
    cells = {
        page.model.rows[at].mail: [
            page.model.data(page.model.index(at, place)) for place in range(3)
        ]
        for at in range(page.model.rowCount())
    }
    assert cells[SELF_SIGNED] == ["経理 花子", "省外", "自己署名"]
    assert cells["suzuki@meti.go.jp"][1:] == ["省内", "まもなく期限"]
    assert cells["tanaka@example.jp"][2] == "なし"
    page.search.edit.setText("試験大学")
    page.search.edit.returnPressed.emit()
    settle(jobs, page)
    assert [one.mail for one in page.model.rows] == ["iin@example.com"]


def test_a_recipient_is_added_changed_and_removed(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    page = book(window, jobs)
    click(window, "宛先を加える")
    assert not page.certificates.isVisible()
    page.form.keep.click()
    assert page.form.mail.edit.property("bad") == "true"
    page.form.mail.edit.setText(NEW)
    page.form.name.edit.setText("新井 四郎")
    page.form.accepts["zip"].setChecked(True)
    page.form.keep.click()
    settle(jobs, window)
    assert (desk.recipients.rows[NEW].name, desk.recipients.rows[NEW].accepts) == (
        "新井 四郎",
        ("zip",),
    )
    assert page.certificates.isVisible()
    page.form.mail.edit.setText("changed@example.jp")
    page.form.keep.click()
    settle(jobs, window)
    assert NEW not in desk.recipients.rows
    page.form.drop.click()
    settle(jobs, window)
    assert "changed@example.jp" not in desk.recipients.rows


def test_a_fingerprint_is_shown_to_be_read_aloud_and_confirmed(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    page = book(window, jobs, SELF_SIGNED)
    (one,) = desk.recipients.rows[SELF_SIGNED].certificates
    shown = [text.text() for text in page.certificates.findChildren(type(page._count))]
    assert grouped(one.fingerprint) in shown
    assert any("自己署名" in text for text in shown)
    click(window, "経理 花子の指紋を電話で確かめた")
    settle(jobs, window)
    assert desk.recipients.rows[SELF_SIGNED].ready
    click(window, "証明書（経理 花子）を除く")
    settle(jobs, window)
    assert desk.recipients.rows[SELF_SIGNED].certificates == ()


def test_certificates_are_imported_and_refused_by_name(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    page = book(window, jobs, "tanaka@example.jp")
    page.take("key.pem")
    settle(jobs, window)
    assert "秘密鍵" in page.banner._cause.text()
    page.take("other.cer")
    settle(jobs, window)
    assert page.compared.isVisible()
    assert desk.recipients.rows["tanaka@example.jp"].certificates == ()
    page.compared.click()
    settle(jobs, window)
    assert not page.compared.isVisible()
    assert len(desk.recipients.rows["tanaka@example.jp"].certificates) == 1
    assert "取り込みました" in page.banner._cause.text()


def start(window: MainWindow, jobs: Jobs, *names: str) -> ProtectTask:
    window.desktop.task_wanted.emit("protect", paths(*names))
    settle(jobs, window)
    return protecting(window)


def test_for_a_certificate_no_password_is_made(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    task = start(window, jobs, "案.docx")
    page = task.page
    page.to.field.edit.setText("審査 一郎 <iin@example.com>")
    QTest.keyClick(page.to.field.edit, Qt.Key.Key_Return)
    settle(jobs, window)
    assert (page.how.method, page.how.key) == ("cms", "certificate")
    page.how.hiding.setChecked(True)
    click(window, "保護する")
    settle(jobs, window)
    (request,) = desk.protected
    assert (request.recipients, request.password, request.hide_name) == (
        ("iin@example.com",),
        "",
        True,
    )
    assert task.currentWidget() is task.result
    assert task.result._password is None


def test_a_short_key_asks_for_a_reason(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    desk.recipients.short = True
    window = open_window(desk)
    task = start(window, jobs, "案.docx")
    task.page.to.take("iin@example.com")
    settle(jobs, window)
    assert task.page.how.reason.isVisible()
    assert not task.page._go.isEnabled()
    task.page.how.reason.edit.setText("相手の更新が来月のため")
    task.page._go.click()
    settle(jobs, window)
    assert desk.protected[0].reason_unlisted == "相手の更新が来月のため"


def test_a_made_password_is_shown_on_the_result(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    task = start(window, jobs, "案.docx")
    assert (task.page.how.method, task.page.how.key) == ("office", "made")
    assert not task.page.how.by.button("certificate").isEnabled()
    task.page._go.click()
    settle(jobs, window)
    assert task.result._password is not None
    assert task.result._password._password == FakeProtecting.PASSWORD


def test_an_own_password_is_asked_for_and_let_go(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    task = start(window, jobs, "表.csv")
    how = task.page.how
    how.by.button("own").click()
    assert not task.page._go.isEnabled()
    how.password.edit.setText("  長い 合言葉 2026 春 ")
    settle(jobs, window)
    task.page._go.click()
    settle(jobs, window)
    assert desk.protected[0].password == "  長い 合言葉 2026 春 "
    assert how.password.edit.text() == ""
    assert task.result._password is None


def test_an_agreed_password_is_taken_from_the_book(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    from meti_desk.services.password_messages import AgreeRequest

    agreed = desk.passwords.agree(
        AgreeRequest(recipient="tanaka@example.jp", password="坂道 黒板 七夕 灯台")
    )
    window = open_window(desk)
    task = start(window, jobs, "表.csv")
    task.page.to.take("tanaka@example.jp")
    settle(jobs, window)
    assert task.page.how.key == "agreed"
    task.page._go.click()
    settle(jobs, window)
    assert desk.protected[0].password == agreed.password
    assert task.result._password is None


def test_what_a_person_chose_stays_while_it_can_be(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    task = start(window, jobs, "案.docx")
    how = task.page.how
    assert how._method is not None
    how._method._choose("html")
    task.page.to.take("nobody@example.jp")
    settle(jobs, window)
    assert how.method == "html"
    how._method._choose("office")
    task.page.add(list(paths("表.csv")))
    settle(jobs, window)
    assert how.method == "zip"


def test_what_may_not_arrive_is_said(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window = open_window(desk)
    task = start(window, jobs, "表.csv")
    task.page.to.take(SELF_SIGNED)
    settle(jobs, window)
    assert "止めます" in task.page.how._warn.text()
    task.page.to.field.edit.setText("no address")
    QTest.keyClick(task.page.to.field.edit, Qt.Key.Key_Return)
    assert task.page.to.field.edit.property("bad") == "true"
    click(window, f"{SELF_SIGNED}を外す")
    settle(jobs, window)
    assert task.page.to.mails == ()


def test_an_address_is_taken_out_of_what_is_offered() -> None:
    assert address_in("審査 一郎 <IIN@example.com>") == "iin@example.com"
    assert address_in(" a@example.jp ") == "a@example.jp"


def test_a_wrong_password_is_said_where_it_is_mended(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    window.desktop.task_wanted.emit("open", paths("回答.p7m"))
    settle(jobs, window)
    task = opening(window)
    assert not task.page._go.isEnabled()
    task.page.secret.edit.setText("違う")
    QTest.keyClick(task.page.secret.edit, Qt.Key.Key_Return)
    settle(jobs, window)
    assert task.currentWidget() is task.page
    assert task.page.banner.isVisible()
    task.page.secret.edit.setText("正しい")
    QTest.keyClick(task.page.secret.edit, Qt.Key.Key_Return)
    settle(jobs, window)
    assert task.currentWidget() is task.result
    assert task.page.secret.edit.text() == ""


def test_the_own_key_is_chosen_and_used(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window = open_window(desk)
    window.desktop.task_wanted.emit("open", paths("回答.p7m"))
    settle(jobs, window)
    page = opening(window).page
    page.way.button("key").click()
    page.secret.edit.setText("正しい")
    assert not page._go.isEnabled()
    page.own.take("/home/sato/sato.p12")
    settle(jobs, window)
    assert page.secret.edit.accessibleName() == "鍵ファイルのパスワード"
    page._go.click()
    settle(jobs, window)
    (request,) = desk.opened
    assert (request.own_key, request.key_password, request.password) == (True, "正しい", "")


def test_a_card_is_used_or_chosen_among_several(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    window.desktop.task_wanted.emit("open", paths("回答.p7m"))
    settle(jobs, window)
    page = opening(window).page
    page.way.button("key").click()
    page.own.card.click()
    settle(jobs, window)
    assert desk.own_key.held.serial == "0123"
    assert page.secret.edit.accessibleName() == "カードの暗証番号（PIN）"
    desk.own_key.found += (TokenFacts(label="別のカード", serial="0456"),)
    page.own.card.click()
    settle(jobs, window)
    assert page.own._choice is not None
    page.own._choice._choose("0456")
    named(window, "これを使う").click()
    settle(jobs, window)
    assert desk.own_key.held.serial == "0456"
    page.own.drop.click()
    settle(jobs, window)
    assert desk.own_key.held.kind == ""
    desk.own_key.found = ()
    page.own.card.click()
    settle(jobs, window)
    assert "カード" in page.banner._cause.text()


def test_secrets_are_typed_unseen(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window = open_window(desk)
    start(window, jobs, "案.docx")
    window.desktop.task_wanted.emit("open", ())
    settle(jobs, window)
    held = (protecting(window).page.how.password.edit, opening(window).page.secret.edit)
    assert all(edit.echoMode() is QLineEdit.EchoMode.Password for edit in held)
    assert QApplication.clipboard().text() == ""


def test_home_reminds_of_certificates_that_end(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.ending = (("", "2026-12-01", 8), ("鈴木 次郎", "2026-11-20", -3))
    window = open_window(desk)
    window.open_page("home")
    settle(jobs, window)
    texts = [one.text() for one in window.findChildren(QLabel) if one.isVisible()]
    assert any("自分の証明書" in text for text in texts)
    assert any("過ぎています" in text for text in texts)
    click(window, "鈴木 次郎の証明書を見る")
    settle(jobs, window)
    assert recipients(window).isVisible()
