"""分割する・結合する・合意したパスワード in the window: what is chosen, told and done."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from meti_desk.domain.errors import RuleViolation
from meti_desk.services.messages import ErrorView
from meti_desk.services.password_messages import AgreeRequest
from meti_desk.ui.handle.password import PasswordBlock
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.passwords.card import PasswordCard
from meti_desk.ui.passwords.phone import PhoneText
from meti_desk.ui.splitting.task import JoinTask, SplitTask
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, column
from tests.ui.conftest import Open
from tests.ui.fake_desk import FOLDER, FakeDesk
from tests.ui.screenshots import joining, settle, splitting, task

DOCUMENT = f"{FOLDER}/案.docx"
WHO = "iin@example.com"


def texts(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(Text) if one.isVisible())


def opened(window: MainWindow, jobs: Jobs, *named: str) -> SplitTask:
    window.desktop.task_wanted.emit("split", named)
    settle(jobs, window)
    return splitting(window)


def join_of(window: MainWindow, jobs: Jobs, *names: str) -> JoinTask:
    window.desktop.task_wanted.emit("join", tuple(f"{FOLDER}/{name}" for name in names))
    settle(jobs, window)
    return joining(window)


def press(widget: QWidget, name: str) -> None:
    found = [one for one in widget.findChildren(QPushButton) if name in one.accessibleName()]
    assert found, name
    found[-1].click()


def test_three_ways_are_proposed_and_carried_out(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    shown = opened(window, jobs, DOCUMENT)
    assert shown.page.routes.values == ("mail", "medium", "transfer-service")
    assert "第73条第1項" in texts(shown.page.routes.rows[2])
    shown.page.go.click()
    settle(jobs, window)
    order = desk.splits.ordered[0]
    assert (order.path, order.parts, order.threshold) == (DOCUMENT, 3, 3)
    assert order.out == f"{FOLDER}/分割"
    assert shown.currentWidget() is shown.result
    told = texts(shown.result)
    assert "1／3" in told
    assert "契約したファイル転送サービス" in told


def test_nothing_can_be_split_before_a_file_is_there(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    page = opened(window, jobs).page
    assert not page.go.isEnabled()
    page.take([DOCUMENT, f"{FOLDER}/二.docx"])
    assert page.go.isEnabled()
    assert page.order().path == DOCUMENT


def test_two_parts_the_same_way_are_told_at_once(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    page = opened(window, jobs, DOCUMENT).page
    page.routes.rows[1].kind._choose("mail")
    assert not page.go.isEnabled()
    assert "同じ経路" in texts(page.routes)
    page.routes.rows[1].detail.setText("別のアドレス")
    assert page.go.isEnabled()
    for one in page.routes.rows:
        one.kind._choose("paper")
        one.detail.setText(str(id(one)))
    assert not page.go.isEnabled()


def test_numbers_change_what_is_asked_for(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window = open_window(desk)
    page = opened(window, jobs, DOCUMENT).page
    page.routes.rows[0].detail.setText("一斉")
    page.needed.button("less").click()
    assert (page.parts, page.threshold) == (3, 2)
    page.count.button(4).click()
    settle(jobs, window)
    assert (page.threshold, len(page.routes.values)) == (3, 4)
    assert page.routes.values[0] == "mail:一斉"
    page.count.button(2).click()
    settle(jobs, window)
    assert page.threshold == 2
    assert not page.needed.button("less").isEnabled()


def test_a_refusal_leads_back_and_says_why(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    desk.splits.failing = ErrorView("route.general-service", {}, ("73-1",), exit=3)
    window = open_window(desk)
    shown = opened(window, jobs, DOCUMENT)
    shown.page.go.click()
    settle(jobs, window)
    assert shown.currentWidget() is shown.page
    assert "第73条" in texts(shown.page.banner)


def test_parts_are_told_and_joined(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window = open_window(desk)
    shown = join_of(window, jobs, "a-1of3.metipart", "foreign.metipart")
    page = shown.page
    told = texts(page)
    assert "足りない部分：2番目・3番目" in told
    assert "ほかの組のものです" in told
    assert not page.go.isEnabled()
    press(page, "foreign.metipartを外す")
    settle(jobs, window)
    page.add([f"{FOLDER}/b-2of3.metipart", f"{FOLDER}/c-3of3.metipart"])
    settle(jobs, window)
    assert page.go.isEnabled()
    page.go.click()
    settle(jobs, window)
    assert shown.currentWidget() is shown.result
    assert desk.splits.joined[0].out == FOLDER
    assert "補助金審査_結果案.docx" in texts(shown.result)


def test_words_are_checked_while_typed_and_taken(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    from meti_desk.protection.split_text import ShareText, word_lines

    share = ShareText(set="ab" * 16, index=3, scheme="xor-split", share=bytes(range(32)))
    words = " ".join(word for line in word_lines(share) for word in line)
    window = open_window(desk)
    page = join_of(window, jobs, "a-1of3.metipart", "b-2of3.metipart").page
    box = page.words
    box.edit.setPlainText("babise zzzz")
    settle(jobs, window)
    assert "2番目の語" in texts(box)
    assert not box.take.isEnabled()
    box.edit.setPlainText(words)
    settle(jobs, window)
    box.take.click()
    settle(jobs, window)
    assert box.edit.toPlainText() == ""
    assert page.order().shares == (words,)
    assert "入力した語" in texts(page)
    assert page.go.isEnabled()
    page.forget()
    assert page.order().shares == ()


def test_a_failure_to_join_shows_the_state_again(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    names = [f"{n}of3.metipart" for n in (1, 2, 3)]
    shown = join_of(window, jobs, *names)
    desk.splits.failing = ErrorView("split.tampered", {}, exit=5)
    shown.page.go.click()
    settle(jobs, window)
    assert shown.currentWidget() is shown.page
    assert "一致しません" in texts(shown.page.banner)


@pytest.fixture
def card(open_window: Open, desk: FakeDesk, jobs: Jobs) -> PasswordCard:
    window = open_window(desk)
    holder = QWidget(window)
    banner = Banner()
    made = PasswordCard(window.desktop, banner)
    holder.setLayout(column(banner, made))
    holder.resize(700, 500)
    holder.show()
    made.show_recipient(WHO)
    settle(jobs, window)
    return made


def test_a_password_is_agreed_shown_copied_and_dropped(
    card: PasswordCard, desk: FakeDesk, jobs: Jobs
) -> None:
    assert "まだ合意していません" in texts(card)
    card.agree.click()
    settle(jobs, card)
    secret = desk.passwords.rows[WHO][0]
    assert secret in texts(card)
    card.reveal.click()
    assert secret not in texts(card)
    card.copy.click()
    assert QGuiApplication.clipboard().text() == secret
    assert card._clipboard._timer.interval() == 30_000
    card._clipboard._timer.timeout.emit()
    assert QGuiApplication.clipboard().text() == ""
    card.copy.click()
    QGuiApplication.clipboard().setText("ほかのもの")
    card._clipboard._timer.timeout.emit()
    assert QGuiApplication.clipboard().text() == "ほかのもの"
    assert "電話で伝達" in texts(card)
    card.agree.click()
    settle(jobs, card)
    assert len(desk.passwords.rows[WHO]) == 2
    card.forget.click()
    settle(jobs, card)
    assert WHO not in desk.passwords.rows
    assert "まだ合意していません" in texts(card)


def test_a_shown_password_is_gone_when_the_card_was_hidden(
    card: PasswordCard, desk: FakeDesk, jobs: Jobs
) -> None:
    card.agree.click()
    settle(jobs, card)
    secret = desk.passwords.rows[WHO][0]
    assert secret in texts(card)
    card.hide()
    card.show()
    assert secret not in texts(card)
    card.reveal.click()
    settle(jobs, card)
    assert secret in texts(card)


def test_mail_asks_for_a_reason(card: PasswordCard, desk: FakeDesk, jobs: Jobs) -> None:
    assert not card.reason.isVisible()
    card.told_by._choose("mail")
    assert card.reason.isVisible()
    card.agree.click()
    settle(jobs, card)
    assert WHO not in desk.passwords.rows
    card.reason.edit.setText("電話のない相手のため")
    card.agree.click()
    settle(jobs, card)
    assert desk.passwords.views[WHO].told_by == "mail"


def test_a_refusal_is_told(card: PasswordCard, desk: FakeDesk, jobs: Jobs) -> None:
    desk.passwords.failing = RuleViolation("password.too-weak", articles=("14-1",))
    card.agree.click()
    settle(jobs, card)
    assert "まだ合意していません" in texts(card)


def test_the_telephone_text_of_a_result(open_window: Open, desk: FakeDesk) -> None:
    window = open_window(desk)
    block = PasswordBlock("aB7-ア")
    block.setParent(window)
    press(block, "電話で伝える")
    dialog = window.findChildren(PhoneText)[0]
    assert "朝日のア" in dialog.text.toPlainText()
    dialog.close()
    assert dialog.text.toPlainText() == ""


def test_the_agreed_password_is_taken_for_what_is_provided(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.passwords.agree(AgreeRequest(recipient=WHO))
    window = open_window(desk, (DOCUMENT,))
    settle(jobs, window)
    decide = task(window).decide
    decide.next.giving.to.edit.setText(WHO)
    decide.next.giving.password_kind.button("agreed").click()
    decide.next._choose("provide")
    settle(jobs, window)
    task(window)._carry(decide.draft)
    settle(jobs, window)
    order = desk.handled[0]
    assert (order.agreed, order.password) == (True, desk.passwords.rows[WHO][0])


def test_a_password_with_its_file_is_refused_until_there_is_a_reason(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk, (DOCUMENT,))
    settle(jobs, window)
    shown = task(window)
    giving = shown.decide.next.giving
    giving.to.edit.setText(WHO)
    giving._read()
    shown.decide.next._choose("provide")
    settle(jobs, window)
    assert not giving.reason.isVisible()
    desk.failing = RuleViolation("mail.password-with-file", articles=("14-1",), name="案.docx")
    shown._carry(shown.decide.draft)
    settle(jobs, window)
    assert giving.reason.isVisible()
    assert "同じメールでは送れません" in texts(shown.decide.banner)
    desk.failing = None
    giving.reason.edit.setText("訓練の見本のため")
    giving._read()
    shown._carry(shown.decide.draft)
    settle(jobs, window)
    assert desk.handled[-1].same_route_reason == "訓練の見本のため"
