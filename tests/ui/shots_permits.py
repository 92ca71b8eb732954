"""The ways to 申請・許可 and 許可・確認, for their screenshots and checks."""

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QEventLoop

from meti_desk.services.permit_messages import HomePermits
from meti_desk.ui.permits.page import PermitsPage
from meti_desk.ui.permits.task import AskTask
from meti_desk.ui.permits.wish import Wish
from meti_desk.ui.register.page import RegisterPage
from meti_desk.ui.register.stock import StockPage
from meti_desk.ui.review.corrections import CorrectionsPage
from meti_desk.ui.review.page import ReviewPage
from tests.ui.fake_desk import FakeDesk, paths
from tests.ui.fake_permits import HEAD, mine
from tests.ui.fake_sync import ENROLLED

if TYPE_CHECKING:
    from meti_desk.ui.main.window import MainWindow

MANY = 40


def permits(window: "MainWindow") -> PermitsPage:
    """Find the page 申請・許可."""
    page = window._pages["permits"]
    assert isinstance(page, PermitsPage)
    return page


def review(window: "MainWindow") -> ReviewPage:
    """Find the page 許可・確認."""
    page = window._pages["review"]
    assert isinstance(page, ReviewPage)
    return page


def asking(window: "MainWindow") -> AskTask:
    """Find the form of a request that is shown."""
    return window.findChildren(AskTask)[-1]


def as_staff(window: "MainWindow", desk: FakeDesk) -> None:
    """Be one who asked for several things, on a device that is enrolled."""
    desk.syncing.view = replace(ENROLLED, last="2026-11-20T09:12:00+09:00", unsent=1)
    desk.permits.as_staff()
    look(window)


def as_head(window: "MainWindow", desk: FakeDesk, count: int = 3) -> None:
    """Be the responsible person."""
    desk.syncing.view = replace(
        ENROLLED, last="2026-11-20T09:12:00+09:00", unsent=0, name="鈴木 一郎", posts=(HEAD,)
    )
    desk.permits.as_head(count)
    desk.reviews.as_head()
    desk.register.fill(responsible=True)
    look(window)


def look(window: "MainWindow") -> None:
    """Let the sidebar count anew; nobody else waits for that."""
    loop, notices = QEventLoop(), window.sidebar.notices
    notices.counted.connect(loop.quit)
    notices.look()
    loop.exec()
    while notices._under_way is not None:
        loop.exec()
    notices.counted.disconnect(loop.quit)
    notices.told.emit("")


def show_permits(window: "MainWindow", desk: FakeDesk) -> None:
    """Show an answer with designated measures."""
    as_staff(window, desk)
    window.sidebar.chosen.emit("permits")
    _settle(window)
    page = permits(window)
    page.table.selectRow(page.model.place_of("p3"))


def show_report(window: "MainWindow", desk: FakeDesk) -> None:
    """Show one whose end has to be reported."""
    show_permits(window, desk)
    page = permits(window)
    page.tabs.button("report").click()
    page.card.report.edit.setPlainText("写しは持ち帰り、端末の分は消去した。")


def show_permits_empty(window: "MainWindow", _desk: FakeDesk) -> None:
    """Show the page on a device that is not enrolled."""
    window.sidebar.chosen.emit("permits")


def show_ask(window: "MainWindow", desk: FakeDesk) -> None:
    """Ask for three files."""
    as_staff(window, desk)
    wish = Wish(paths=paths(), to=("iin@example.com",))
    window.desktop.task_wanted.emit("ask", wish)
    _settle(window)
    page = asking(window).page
    page._take_days(31)
    page.reason.edit.setPlainText("第3回審査委員会で配る資料を、委員に事前に渡すため。")
    page.measures.show_measures(("encryption", "remove-metadata"))


def show_asked(window: "MainWindow", desk: FakeDesk) -> None:
    """Show what became of it."""
    show_ask(window, desk)
    asking(window).page.go.click()


def show_review(window: "MainWindow", desk: FakeDesk) -> None:
    """Choose all of many requests; some of them differ."""
    as_head(window, desk, MANY)
    window.sidebar.chosen.emit("review")
    _settle(window)
    page = review(window)
    page.requests.choose_all()
    page.requests.form.measures.show_measures(("encryption",))


def show_review_one(window: "MainWindow", desk: FakeDesk) -> None:
    """Look at one request."""
    as_head(window, desk)
    window.sidebar.chosen.emit("review")


def show_review_noted(window: "MainWindow", desk: FakeDesk) -> None:
    """Look at a permission that was noted."""
    show_review_one(window, desk)
    _settle(window)
    review(window).show_part("noted")


def show_review_decided(window: "MainWindow", desk: FakeDesk) -> None:
    """Look at what was decided."""
    show_review_one(window, desk)
    _settle(window)
    review(window).show_part("decided")


def show_review_standing(window: "MainWindow", desk: FakeDesk) -> None:
    """Look at what is decided in advance."""
    show_review_one(window, desk)
    _settle(window)
    review(window).show_part("standing")


def show_home(window: "MainWindow", desk: FakeDesk) -> None:
    """Show what is due of permits, to one who asks and decides."""
    as_head(window, desk)
    own = mine()
    desk.permits.held = replace(desk.permits.held, mine=(own[2], own[4], own[5]))
    look(window)
    window.open_page("home")


def show_review_labels(window: "MainWindow", desk: FakeDesk) -> None:
    """Look at labels to judge: several at once."""
    show_review_one(window, desk)
    _settle(window)
    page = review(window)
    page.show_part("labels")
    page.labels.choose_all()


def show_review_label(window: "MainWindow", desk: FakeDesk) -> None:
    """Order another label."""
    show_review_one(window, desk)
    _settle(window)
    page = review(window)
    page.show_part("labels")
    page.labels.form.c.set_value(3)
    page.labels.form.others.setChecked(True)


def show_corrections(window: "MainWindow", desk: FakeDesk) -> None:
    """Show an order to correct a label, to who decided it."""
    desk.reviews.as_staff()
    window.desktop.task_wanted.emit("corrections", None)
    _settle(window)
    page = window.findChildren(CorrectionsPage)[-1]
    page.cards[0].differ.click()


def register(window: "MainWindow") -> RegisterPage:
    """Find the page 機密性3情報管理簿."""
    page = window._pages["register"]
    assert isinstance(page, RegisterPage)
    return page


def show_register(window: "MainWindow", desk: FakeDesk) -> None:
    """Show an entry with copies."""
    as_head(window, desk)
    window.sidebar.chosen.emit("register")


def show_register_note(window: "MainWindow", desk: FakeDesk) -> None:
    """Correct an entry."""
    show_register(window, desk)
    _settle(window)
    page = register(window)
    page.table.selectRow(2)
    page.entry.mend.click()


def show_stock(window: "MainWindow", desk: FakeDesk) -> None:
    """Go through the entries."""
    as_head(window, desk)
    window.desktop.task_wanted.emit("stock", None)
    _settle(window)
    part = window.findChildren(StockPage)[-1].part
    part.give("present")
    part.choose((1,))


def show_home_rare(window: "MainWindow", desk: FakeDesk) -> None:
    """Show what is rarely due."""
    as_staff(window, desk)
    desk.permits.held = replace(desk.permits.held, mine=(mine()[3],))
    desk.reviews.as_staff()
    desk.reminded = HomePermits(
        ending=(("p4", "2026-11-28", 5),), denied=("ev-3",), refused=("p8",), unreported=("p91",)
    )
    window.open_page("home")


PAGES = {
    "home-rare": ("open", show_home_rare),
    "home-permits": ("open", show_home),
    "permits": ("open", show_permits),
    "permits-report": ("open", show_report),
    "permits-empty": ("open", show_permits_empty),
    "permits-ask": ("open", show_ask),
    "permits-asked": ("open", show_asked),
    "review": ("open", show_review),
    "review-one": ("open", show_review_one),
    "review-labels": ("open", show_review_labels),
    "review-label": ("open", show_review_label),
    "review-noted": ("open", show_review_noted),
    "review-decided": ("open", show_review_decided),
    "review-standing": ("open", show_review_standing),
    "corrections": ("open", show_corrections),
    "register": ("open", show_register),
    "register-note": ("open", show_register_note),
    "register-stock": ("open", show_stock),
}


def _settle(window: "MainWindow") -> None:
    from tests.ui.screenshots import settle

    settle(window._jobs)
