"""許可を申請する: what, to whom, until when, why, and with which measures (Art. 13)."""

from datetime import timedelta

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from meti_desk.services.messages import ClassifyRequest, LabelView
from meti_desk.services.permit_messages import AskRequest
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.permits.about import AboutCard
from meti_desk.ui.permits.measures_box import MeasuresBox
from meti_desk.ui.permits.wish import GIVEN, Wish, split_list
from meti_desk.ui.review.decision import GRANT_KEYS
from meti_desk.ui.review.part import shortcut
from meti_desk.ui.strings import article, tr, whole_label
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, card, column, panel, row, rule
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.columns import Column, Columns
from meti_desk.ui.widgets.dates import today
from meti_desk.ui.widgets.days import DayField
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.flow import Flow
from meti_desk.ui.widgets.foot import banner_line
from meti_desk.ui.widgets.longtext import LongField
from meti_desk.ui.widgets.order import set_reading_order

_WIDE = 1.5
"""Size of text from which the two days stand one below the other."""


class AskPage(Page):
    """The form; the responsible person sees what stands here, and decides."""

    left = Signal()
    asked = Signal(object)
    """The request, as `AskRequest`."""

    def __init__(self, desktop: Desktop, wish: Wish) -> None:
        super().__init__(desktop)
        self._wish = wish
        self.about = AboutCard(wish.action, wish.paths)
        self.to = Field(
            tr("渡す相手のメールアドレス"), small=True, text=", ".join(wish.to),
            hint=tr("複数のときは , で区切ります。@ から書くと、その組織の全員です。"),
        )  # fmt: skip
        self.since = DayField(tr("いつから"), hint=tr("空欄は今日から"))
        self.until = DayField(tr("いつまで"), hint=tr("空欄は方針の日数だけ"))
        self.reason = LongField(
            tr("必要とする理由"), hint=tr("責任者だけが読めるように暗号化して送ります。")
        )
        self.measures = MeasuresBox(tr("そのほかの措置"))
        self.copies = Check(tr("複製の承認も求める（第10条第4項）"))
        self._labelling = Text("", "body")
        self._labelled = False
        self.go = Button(tr("申請する"), "primary", on=self._ask)
        for keys in GRANT_KEYS:
            shortcut(self, keys).activated.connect(self.go.click)
        self._lay_out()
        self.about.changed.connect(self._show_state)
        self._show_state()

    def _lay_out(self) -> None:
        top = row(
            IconMark("stamp", "primary", 24), Text(tr("許可を申請する"), "h1", wrap=False), None,
            spacing=14, margins=(28, 14, 28, 14),
        )  # fmt: skip
        self._label_card = card(
            column(
                Text(tr("文書の格付"), "h3"), self._labelling, spacing=4, margins=(20, 14, 20, 16)
            ),
            "evidence",
        )
        left = column(
            self.about, self._label_card, self._whom(), None, spacing=14, margins=(28, 20, 14, 24),
        )  # fmt: skip
        right = column(self._why(), None, spacing=14, margins=(14, 20, 28, 24))
        columns = Columns(
            Column(panel(left), tr("何を、誰に、いつまで"), 0),
            Column(panel(right), tr("理由と措置"), 0),
            room=900,
            ruled=False,
        )
        bottom = row(spacing=12, margins=(28, 14, 28, 14))
        says = tr(
            "オフラインでも申請できます。許可されるまでは、申請中のままです。　Ctrl+Enter：申請する"
        )
        bottom.addLayout(column(None, Text(says, "small"), None, spacing=0), 1)
        bottom.addWidget(Button(tr("やめる"), "quiet", on=self.left.emit))
        bottom.addWidget(self.go)
        whole = column(panel(top, "page"), banner_line(self.banner), rule(), spacing=0)
        whole.addWidget(columns, 1)
        whole.addWidget(rule())
        whole.addWidget(panel(bottom, "page"))
        self.setLayout(whole)

    def _whom(self) -> QFrame:
        days = column(self.since, self.until, spacing=8)
        if active().scale < _WIDE:
            days = column(spacing=0)
            line = row(spacing=12)
            line.addWidget(self.since, 1)
            line.addWidget(self.until, 1)
            days.addLayout(line)
        quick = Flow(gap=6)
        for text, count in ((tr("1週間"), 7), (tr("1か月"), 31), (tr("3か月"), 92)):
            chip = Button(text, "chip", name=tr("期間を{text}にする", text=text))
            chip.setCheckable(False)
            chip.clicked.connect(lambda _on=False, count=count: self._take_days(count))
            quick.add(chip)
        self._to_title = Text(tr("相手と期間"), "h2")
        return card(
            column(self._to_title, self.to, days, quick, spacing=8, margins=(20, 16, 20, 18))
        )

    def _why(self) -> QFrame:
        says = tr("ここで選んだ措置を講じることを約束します。責任者は、ほかの措置も指定できます。")
        return card(
            column(
                Text(tr("理由と措置"), "h2"), self.reason, 4, Text(tr("講じる措置"), "strong"),
                Text(says, "small"), self.measures, 4, self.copies,
                spacing=8, margins=(20, 16, 20, 18),
            )
        )  # fmt: skip

    def _take_days(self, count: int) -> None:
        since = self.since.iso or today().isoformat()
        begins = today().fromisoformat(since)
        self.until.show_iso((begins + timedelta(days=count - 1)).isoformat())

    def _show_state(self) -> None:
        given = self.about.chosen_action in GIVEN
        self.copies.setVisible(not self.about.is_system and self.copies.parentWidget() is not None)
        self.to.setVisible(given and self.to.parentWidget() is not None)
        self._to_title.setText(tr("相手と期間") if given else tr("期間"))
        self._show_label()
        set_reading_order(self)

    def _show_label(self) -> None:
        """Say which label the documents get before it is asked for, or that they have got it."""
        order = self.label_first()
        self._label_card.setVisible(order is not None)
        if order is None:
            return
        says = tr(
            "{label}。「申請する」を押すと、格付して保護の画面で決めたこの格付を先に文書に付け、"
            "記録してから申請します（{ref}）。",
            label=_label_line(order), ref="・".join((article("4-1"), article("5-1"))),
        )  # fmt: skip
        done = tr("{label}。文書に付けました。", label=_label_line(order))
        self._labelling.tell(done if self._labelled else says)

    def label_first(self) -> ClassifyRequest | None:
        """Give the order to label the documents of the request that the person decided on before.

        What was added here has a label of its own, or is refused without one.
        """
        order, about = self._wish.label, self.about
        if order is None or about.scope.value != "files":
            return None
        paths = tuple(one for one in about.paths if one in order.paths)
        return msgspec.structs.replace(order, paths=paths, resume=True) if paths else None

    def show_labelled(self) -> None:
        """Say that the documents have their label now, whatever becomes of the request."""
        self._labelled = True
        self._show_label()

    def request(self) -> AskRequest:
        """Give what stands in the form."""
        about, action = self.about, self.about.chosen_action
        area = self._wish.area if action == self._wish.action else None
        return AskRequest(
            action=action,
            paths=about.paths if about.scope.value == "files" else (),
            articles=about.articles,
            blanket=about.blanket.text if about.is_blanket else "",
            recipients=split_list(self.to.text) if action in GIVEN else (),
            area=0 if action == "transfer" else area,
            since=self.since.iso,
            until=self.until.iso,
            includes_copies=self.copies.isChecked() and not about.is_system,
            reason=self.reason.text,
            measures=self.measures.measures,
        )

    def _ask(self) -> None:
        if not self.about.check():
            return
        wanted = self.about.chosen_action in GIVEN and not split_list(self.to.text)
        self.to.refuse(tr("渡す相手を入れてください。") if wanted else "")
        if wanted:
            self.to.edit.setFocus()
            return
        if not (self.since.check() and self.until.check()):
            (self.since if self.since.text and not self.since.iso else self.until).edit.setFocus()
            return
        since, until = self.since.iso, self.until.iso
        if since and until and until < since:
            self.until.refuse(tr("終わりの日が始まりの日より前です。"))
            self.until.edit.setFocus()
            return
        self.reason.refuse("" if self.reason.text else tr("理由を書いてください。"))
        if self.reason.text:
            self.asked.emit(self.request())


def _label_line(order: ClassifyRequest) -> str:
    return whole_label(
        LabelView(order.c, order.i, order.a, order.restrictions, order.audience, decided=True)
    )
