"""The wizard of the self-check: what is asked stays in sight while it is answered."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from meti_desk.ui.jobs import Jobs
from meti_desk.ui.selfcheck.page import SelfCheckPage
from meti_desk.ui.selfcheck.sections import SectionButton
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk
from tests.ui.screenshots import settle


def seen_whole(widget: QWidget) -> bool:
    """Tell whether all of a widget can be seen now."""
    shown = widget.visibleRegion().boundingRect()
    return shown == QRect(QPoint(0, 0), widget.size())


def test_the_question_stays_in_sight_when_an_answer_asks_for_more(
    open_window: Open, desk: FakeDesk, jobs: Jobs, qtbot: QtBot
) -> None:
    window = open_window(desk)
    window.open_page("selfcheck")
    settle(jobs, window)
    page = window._pages["selfcheck"]
    assert isinstance(page, SelfCheckPage)
    page._go("give-1")
    page.question.answers.press(2)
    settle(jobs, window)
    fields = (page.question.reason, page.question.plan, page.question.by_when)
    # The new fields are laid out, and scrolled to, when the window next gets to it.
    qtbot.waitUntil(lambda: all(seen_whole(one) for one in fields))
    assert seen_whole(page.question._text)
    assert seen_whole(page.question._clause)
    chosen = page.question.answers.first()
    assert chosen is not None
    assert seen_whole(chosen)


def test_a_long_section_title_breaks_and_is_never_shortened(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    title = "識別コードとパスワードと生体情報などの主体認証情報の管理"
    short, long = SectionButton("公表", 2, 2), SectionButton(title, 4, 4)
    for button in (short, long):
        button.setParent(window)
        button.resize(230, button.heightForWidth(230))
    assert long.sizeHint().height() > short.sizeHint().height()
    assert "…" not in long.accessibleName()
