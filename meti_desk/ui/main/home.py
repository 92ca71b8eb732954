"""ホーム: what is due, a place to drop files, and the documents handled last."""

from pathlib import Path

from PySide6.QtWidgets import QApplication, QFrame, QProgressBar, QVBoxLayout, QWidget

from meti_desk.services.messages import HomeView, LabelView
from meti_desk.ui.icons import IconMark
from meti_desk.ui.jobs import Job
from meti_desk.ui.main.above import enter
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.drop import DropCard
from meti_desk.ui.main.due_card import due_card
from meti_desk.ui.main.due_permits import Due, gather_due, permit_cards
from meti_desk.ui.main.page import Page
from meti_desk.ui.main.pills import Pills
from meti_desk.ui.main.to_decide import to_decide_card
from meti_desk.ui.strings import Told, confidentiality, tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, card, column, empty, panel, row, rule, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.dates import days_left, shown_day
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.pagehead import head
from meti_desk.ui.widgets.scroll import Scroll

_MOST_ENDING = 3
"""Certificates that are reminded of at once, the most urgent first."""
_TONES = {1: "", 2: "primary", 3: "danger"}


class HomePage(Page):
    """今日すること: each thing that is due is one card with one button."""

    renews = True

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self._due = QVBoxLayout()
        self._due.setSpacing(12)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        drop = DropCard(desktop)
        recent = card(
            column(
                Text(tr("最近の文書"), "h2"), 10, self._recent, spacing=0, margins=(20, 18, 20, 18)
            )
        )
        right = panel(column(drop, recent, None, spacing=16), width=360)
        left = panel(column(self._due, None))
        body = panel(row(left, right, spacing=24, margins=(32, 0, 32, 24)))
        top = panel(head(tr("今日すること"), Pills(desktop)))
        self.setLayout(
            column(
                panel(column(top, self.banner, spacing=10, margins=(32, 26, 32, 18))),
                Scroll(body, tr("今日すること")),
                spacing=0,
            )
        )

    def shown(self) -> None:
        """Ask what is due."""
        desk = self.desktop.desk

        def work(_job: Job) -> tuple[HomeView, Due]:
            return desk.home(), gather_due(desk)

        self.desktop.ask(self, work, lambda answer: self._show(*answer), self.banner)

    def _show(self, home: HomeView, due: Due) -> None:
        held = QApplication.focusWidget()
        inside = held is not None and self.isAncestorOf(held)
        empty(self._due)
        cards = [*permit_cards(due, home.permits, self.desktop), *self._cards(home)]
        for one in cards or [_all_done()]:
            self._due.addWidget(one)
        set_reading_order(self)
        empty(self._recent)
        if not home.recent:
            self._recent.addWidget(
                Text(tr("まだありません。ファイルを置くとここに並びます。"), "small")
            )
        for place, (path, title, label) in enumerate(home.recent[:6]):
            if place:
                self._recent.addWidget(rule())
            self._recent.addWidget(self._document(path, title, label))
        if inside and held is not None and not held.isVisible():  # its card was made anew
            enter(self)

    def _document(self, path: str, title: str, label: LabelView) -> QWidget:
        name = title or Path(path).name
        link = Button(
            _shortened(name),
            "link",
            name=tr("{name}を開く", name=name),
            on=lambda: self.desktop.files_wanted.emit([path]),
        )
        link.setToolTip(path)
        level = label.c if label.decided else None
        mark = tag(confidentiality(level), _TONES.get(level or 0, "warning"))
        return panel(row(link, None, mark, margins=(0, 3, 0, 3)))

    def _cards(self, home: HomeView) -> list[QFrame]:
        cards: list[QFrame] = []
        if home.selfcheck_title and home.selfcheck_answered < home.selfcheck_total:
            cards.append(self._check_card(home))
        if home.to_decide:
            cards.append(to_decide_card(home, self.desktop, self._publish))
        elif home.undecided:
            cards.append(
                due_card(
                    "document",
                    tr("格付が決まっていない文書が{n}件あります", n=home.undecided),
                    tr("決めるまでは、要保護情報として取り扱います"),
                    ("4-1", "6-1"),
                    Button(tr("決める"), on=lambda: self.desktop.page_wanted.emit("documents")),
                )
            )
        if home.unconfirmed_permits:
            cards.append(
                due_card(
                    "clock",
                    tr("口頭・書面の許可で行った取扱いが{n}件あります", n=home.unconfirmed_permits),
                    tr("課室情報セキュリティ責任者の確認を受けてください"),
                    ("13-1",),
                    self._records(tr("許可の記録を見る"), home.permit_events),
                )
            )
        if home.unconfirmed_consultations:
            cards.append(
                due_card(
                    "clock",
                    tr("相談して変えた格付が{n}件あります", n=home.unconfirmed_consultations),
                    tr("相談したことについて、課室情報セキュリティ責任者の確認を受けてください"),
                    ("7-1",),
                    self._records(tr("相談の記録を見る"), home.consultation_events),
                )
            )
        cards += [self._ending(*one) for one in home.ending[:_MOST_ENDING]]
        return cards

    def _records(self, name: str, events: tuple[str, ...]) -> Button:
        """Lead to these entries of 取扱記録 alone."""
        wanted = self.desktop.records_wanted
        return Button(tr("記録を見る"), name=name, on=lambda: wanted.emit(events))

    def _ending(self, whose: str, day: str, left: int) -> QFrame:
        """Remind of a certificate: of a recipient, or one's own."""
        title = (
            tr("{name}の証明書の期限が切れます", name=whose)
            if whose
            else tr("自分の証明書の期限が切れます")
        )
        until = tr("{day}まで（あと{n}日）", day=shown_day(day), n=left)
        if left < 0:
            until = tr("{day}まで（過ぎています）", day=shown_day(day))
        what = tr("新しい証明書を受け取り、宛先に取り込んでください")
        if not whose:
            what = tr("新しい証明書の発行を受け、相手に渡してください")
        name = tr("{name}の証明書を見る", name=whose) if whose else tr("自分の鍵を見る")
        go = Button(tr("見る"), name=name, on=lambda: self._see(own=not whose))
        return due_card("key", title, f"{until}　{what}", ("14-2",), go, urgent=left < 0)

    def _see(self, *, own: bool) -> None:
        if own:
            self.desktop.page_wanted.emit("settings")
        else:
            self.desktop.page_wanted.emit("recipients")

    def _publish(self, paths: tuple[str, ...]) -> None:
        """Set documents aside as published; what waits still is shown anew."""
        desk = self.desktop.desk

        def done(_nothing: None) -> None:
            self.banner.tell(Told(tr("公表済みとして扱います。要決定から除きました。")), "well")
            self.shown()

        self.desktop.ask(self, lambda _job: desk.mark_published(paths), done, self.banner)

    def _check_card(self, home: HomeView) -> QFrame:
        bar = QProgressBar()
        bar.setRange(0, home.selfcheck_total)
        bar.setValue(home.selfcheck_answered)
        bar.setTextVisible(False)
        bar.setFixedWidth(active().pixels(280))
        bar.setAccessibleName(tr("自己点検の進み具合"))
        left = days_left(home.selfcheck_due)
        due = tr("締切 {day}（あと{n}日）", day=shown_day(home.selfcheck_due), n=left)
        if not home.selfcheck_due:
            due = ""
        elif left < 0:
            due = tr("締切 {day} を過ぎています", day=shown_day(home.selfcheck_due))
        counted = tr("{total}問のうち{n}問", total=home.selfcheck_total, n=home.selfcheck_answered)
        started = tr("続ける") if home.selfcheck_answered else tr("始める")
        button = Button(
            started,
            "primary",
            name=tr("自己点検を{verb}", verb=started),
            on=lambda: self.desktop.page_wanted.emit("selfcheck"),
        )
        return due_card(
            "check-square",
            home.selfcheck_title,
            "　".join(filter(None, (due, counted))),
            ("92-1",),
            button,
            bar,
            urgent=bool(home.selfcheck_due) and left < 0,
        )


def _all_done() -> QFrame:
    texts = column(
        Text(tr("今日することはありません"), "h3"),
        Text(tr("ファイルを右に置くと、格付と保護を一つの画面で決められます。"), "small"),
        spacing=4,
    )
    layout = row(IconMark("check", "success", 20, "success-soft"), spacing=16, margins=(20,) * 4)
    layout.addLayout(texts, 1)
    return card(layout)


def _shortened(name: str, most: int = 18) -> str:
    return name if len(name) <= most else f"{name[: most - 9]}…{name[-8:]}"
