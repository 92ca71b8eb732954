"""移送経路 of each part: one row a part, with the rule that its way stands under."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.errors import MetiDeskError
from meti_desk.domain.label import Label
from meti_desk.domain.routes import Route, check_routes, read_route
from meti_desk.services.splitting_messages import RouteView
from meti_desk.ui.strings import article, term, told, tr
from meti_desk.ui.widgets.build import Text, card, column, empty, row
from meti_desk.ui.widgets.choice import Choice


def rule_line(kind: str, articles: str) -> str:
    """Say what a way asks for, with its articles before the full stop."""
    said = term(f"route-rule.{kind}")
    whole = said.rstrip("。.")
    return f"{whole}（{articles}）{said[len(whole) :]}"


class RouteRow(QWidget):
    """The way of one part."""

    changed = Signal()

    def __init__(self, number: int, options: Sequence[RouteView], first: RouteView) -> None:
        super().__init__()
        name = tr("{n}番目の部分", n=number)
        self._articles = {one.kind: one.articles for one in options}
        kinds = dict.fromkeys(one.kind for one in options)
        self.kind = Choice(
            tr("{name}の移送経路", name=name), [(k, term(f"route.{k}")) for k in kinds], first.kind
        )
        self.detail = QLineEdit(first.detail)
        self.detail.setProperty("compact", "yes")
        self.detail.setAccessibleName(tr("{name}の区別", name=name))
        self.detail.setPlaceholderText(tr("区別（書留、使者など）"))
        self._rule = Text("", "small")
        top = row(spacing=12)
        top.addWidget(Text(name, "strong", wrap=False), 2)
        top.addWidget(self.kind, 4)
        top.addWidget(self.detail, 3)
        self.setLayout(column(top, self._rule, spacing=6))
        self.kind.chosen.connect(self._tell)
        self.detail.textChanged.connect(lambda _text: self.changed.emit())
        self._tell(first.kind)

    @property
    def value(self) -> str:
        """Give the way as the services read it."""
        detail = self.detail.text().strip()
        return f"{self.kind.value}:{detail}" if detail else self.kind.value

    def _tell(self, kind: str) -> None:
        named = "・".join(article(one) for one in self._articles.get(kind, ()))
        self._rule.setText(rule_line(kind, named))
        self.changed.emit()


class Routes(QWidget):
    """All ways; says what is wrong with them together."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[RouteRow] = []
        self._body = QVBoxLayout()
        self._body.setSpacing(12)
        self._wrong = Text("", "error")
        self._wrong.hide()
        self._n = self._k = 0
        self.setLayout(column(self._body, self._wrong, spacing=8))

    def show_routes(self, offered: Sequence[RouteView], n: int, k: int) -> None:
        """Offer ways for `n` parts of which `k` are needed; what was chosen before stays."""
        before = [(one.kind.value, one.detail.text()) for one in self.rows]
        empty(self._body)
        self._n, self._k, self.rows = n, k, []
        for number in range(n):
            first = offered[number]
            if number < len(before):
                kind, detail = before[number]
                first = RouteView(kind=kind, detail=detail)
            made = RouteRow(number + 1, offered, first)
            made.changed.connect(self.check)
            self.rows.append(made)
            self._body.addWidget(card(column(made, margins=(16, 12, 16, 12))))
        self.check()

    def set_needed(self, k: int) -> None:
        """Take another number of parts that are needed."""
        self._k = k
        self.check()

    @property
    def values(self) -> tuple[str, ...]:
        """Give all ways as the services read them."""
        return tuple(one.value for one in self.rows)

    @property
    def well(self) -> bool:
        """Tell whether the ways can stand; the label of the file is looked at by the services."""
        return self._problem() is None

    def check(self) -> None:
        """Say what is wrong, if anything."""
        problem = self._problem()
        if problem is None:
            self._wrong.tell("")
        else:
            said = told(problem)
            self._wrong.tell(" ".join(filter(None, (said.cause, said.remedy))))
        self.changed.emit()

    def _problem(self) -> MetiDeskError | None:
        try:
            chosen: list[Route] = [read_route(one) for one in self.values]
            check_routes(chosen, Label(Confidentiality.C1), n=self._n, k=self._k)
        except MetiDeskError as error:
            return error
        return None
