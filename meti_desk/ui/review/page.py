"""許可・確認: for those who hold a post that decides."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from meti_desk.services.permit_messages import PermitsView
from meti_desk.services.review_messages import ReviewsView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.notices import to_judge
from meti_desk.ui.main.page import Page
from meti_desk.ui.main.pills import Pills
from meti_desk.ui.review.decided import DecidedPart
from meti_desk.ui.review.labels import LabelsPart
from meti_desk.ui.review.noted import NotedPart
from meti_desk.ui.review.requests import RequestsPart
from meti_desk.ui.review.standing import StandingPart
from meti_desk.ui.strings import Told, tr
from meti_desk.ui.widgets.build import Text, column
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.pagehead import head
from meti_desk.ui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from meti_desk.ui.review.part import ListPart


class ReviewPage(Page):
    """One part at a time; the chips above tell how many wait in each."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self.tabs = Tabs(
            tr("許可・確認の種類"),
            [
                ("requests", tr("許可の申請")),
                ("labels", tr("格付の確認")),
                ("noted", tr("口頭・書面の許可")),
                ("decided", tr("決めた許可")),
                ("standing", tr("あらかじめの決定")),
            ],
        )
        self._posts = Text("", "small")
        self.requests = RequestsPart(desktop, self.banner)
        self.labels = LabelsPart(desktop, self.banner)
        self.noted = NotedPart(desktop, self.banner)
        self.decided = DecidedPart(desktop, self.banner)
        self.standing = StandingPart(desktop, self.banner)
        self._parts: dict[str, ListPart[Any]] = {
            "requests": self.requests,
            "labels": self.labels,
            "noted": self.noted,
            "decided": self.decided,
            "standing": self.standing,
        }
        self._fresh = self._done = self._read_once = False
        self._stack = QStackedWidget()
        for part in self._parts.values():
            self._stack.addWidget(part)
        top = column(
            head(tr("許可・確認"), Pills(desktop)), self._posts, self.banner, self.tabs,
            spacing=10, margins=(32, 26, 32, 10),
        )  # fmt: skip
        whole = column(top, spacing=0)
        whole.addWidget(self._stack, 1)
        self.setLayout(whole)
        self.tabs.chosen.connect(self.show_part)
        for one in (self.requests, self.labels, self.noted, self.decided, self.standing):
            one.carried.connect(self._carried)

    def shown(self) -> None:
        """Read everything anew, and begin where something waits."""
        self._fresh = True
        self._read()

    def _read(self) -> None:
        desk = self.desktop.desk

        def work(_job: object) -> tuple[PermitsView, ReviewsView]:
            return desk.permits.view(), desk.reviews.view()

        self.desktop.ask(self, work, lambda answer: self._show(*answer), self.banner)

    def show_part(self, key: str) -> None:
        """Show one part."""
        self.tabs.show_value(key)
        self._stack.setCurrentWidget(self._parts[key])
        set_reading_order(self)

    def _show(self, view: PermitsView, reviews: ReviewsView) -> None:
        posts = "・".join(view.posts)
        self._posts.tell(tr("{posts} として決めます。", posts=posts) if posts else "")
        waits = [one for one in view.noted if to_judge(one)]
        open_ones = [one for one in view.to_decide if not one.pending]
        said = [one for one in view.to_decide if one.pending]
        open_ends = [one for one in view.decided if one.report_due and not one.pending]
        self.tabs.count("decided", len(open_ends))
        self.requests.show_rows(open_ones)
        self.labels.show_rows(reviews.to_judge)
        self.noted.show_rows(waits)
        self.decided.show_rows([*said, *view.decided])
        self.standing.show_rows(sorted(view.standing, key=lambda one: not one.in_force))
        waiting = {
            "requests": sum(one.decidable for one in view.to_decide),
            "labels": sum(one.judgeable for one in reviews.to_judge),
            "noted": len(waits),
        }
        for key, count in waiting.items():
            self.tabs.count(key, count)
        self._read_once = True
        if self._fresh and not waiting.get(self.tabs.value, 1):
            held = QApplication.focusWidget()
            listed = held is not None and self._stack.isAncestorOf(held)
            self.show_part(next((key for key, n in waiting.items() if n), self.tabs.value))
            if listed:
                self.first.setFocus()
        set_reading_order(self)
        if self._done:
            self._give_keyboard(next((key for key, n in waiting.items() if n), self.tabs.value))
        self._fresh = self._done = False

    @property
    def first(self) -> QWidget:
        """Where the page begins for the keyboard: the list, or the parts where it is empty."""
        part = self._parts[self.tabs.value]
        there = part.model.rows or not self._read_once
        return part.table if there else self.tabs.button(self.tabs.value)

    def _give_keyboard(self, waits: str) -> None:
        """Let the keys go on where they were: the button that was pressed does nothing now."""
        there = self._parts[self.tabs.value].model.rows
        (self.first if there else self.tabs.button(waits)).setFocus()

    def _carried(self, said: str) -> None:
        self._done = True
        self._read()
        self.desktop.waiting_changed.emit()
        self.banner.tell(Told(said, tr("次の同期で本人に届きます。")), "well")
