"""要決定: documents that came newly into a watched folder and have no label yet (Art. 4-1)."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFrame, QWidget

from meti_desk.services.messages import HomeView, ToDecide
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import article, tr
from meti_desk.ui.widgets.build import Text, card, column, panel, row, rule
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.dates import shown_moment
from meti_desk.ui.widgets.elided import Elided

_LISTED = 5
"""Documents that are listed by name; the others are counted."""

Publish = Callable[[tuple[str, ...]], None]


def to_decide_card(home: HomeView, desktop: Desktop, publish: Publish) -> QFrame:
    """List what waits: each is opened or set aside as published; one button opens all."""
    paths = [one.path for one in home.to_decide]
    references = "・".join(article(one) for one in ("4-1", "6-1"))
    says = tr("決めるまでは、要保護情報として取り扱います")
    head = row(IconMark("document", "primary", 20, "soft"), spacing=16)
    head.addLayout(
        column(
            Text(tr("格付が決まっていない文書が{n}件あります", n=home.undecided), "h3"),
            Text(f"{says}\n{references}", "small"),
            spacing=4,
        ),
        1,
    )
    head.addWidget(
        Button(
            tr("まとめて決める") if len(paths) > 1 else tr("決める"),
            on=lambda: desktop.files_wanted.emit(paths),
        )
    )
    lines = column(spacing=0)
    for place, one in enumerate(home.to_decide[:_LISTED]):
        if place:
            lines.addWidget(rule())
        lines.addWidget(_line(one, desktop, publish))
    more = home.undecided - min(_LISTED, len(paths))
    if more > 0:
        lines.addWidget(Text(tr("ほか{n}件", n=more), "small"))
    return card(column(head, lines, spacing=12, margins=(20, 18, 20, 14)))


def _line(one: ToDecide, desktop: Desktop, publish: Publish) -> QWidget:
    name = one.title or Path(one.path).name
    about = column(
        Elided(name, "body"),
        Text(tr("{when}に見つかりました", when=shown_moment(one.seen_at)), "small", wrap=False),
        spacing=0,
    )
    line = row(spacing=8, margins=(0, 4, 0, 4))
    line.addLayout(about, 1)
    for text, said, act in (
        (
            tr("公表済みとして扱う"),
            tr("{name}を公表済みとして扱う", name=name),
            lambda: publish((one.path,)),
        ),
        (
            tr("開く"),
            tr("{name}の格付を決める", name=name),
            lambda: desktop.files_wanted.emit([one.path]),
        ),
    ):
        line.addWidget(Button(text, "link", name=said, on=act))
    return panel(line)
