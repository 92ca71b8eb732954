"""The result: what was removed, what protects it, where it lies, how to give the password."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from meti_desk.services.messages import Done, DoneFile
from meti_desk.ui.handle.password import PasswordBlock
from meti_desk.ui.icons import IconMark
from meti_desk.ui.strings import label_line, place_name, term, told, tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Part, Text, card, column, empty, panel, row, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.scroll import Scroll

OTHERS = "label.decided-by-other"
"""The refusal that a 相談 answers (Art. 7-1)."""


_TO_BE_TOLD = frozenset({"notice.descendants", "notice.recipients"})
"""Notes of a change that those have to hear of who hold the document, or what came of it."""


def open_place(path: str) -> None:
    """Open a file, or a folder, with what the system uses for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))


class ResultView(QWidget):
    """What came out, file by file."""

    finished = Signal()
    more_wanted = Signal()
    notice_wanted = Signal(str)
    """The path of a document whose changed label others have to hear of."""
    consult_wanted = Signal(str)
    """The path of a file whose label somebody else decided."""

    def __init__(
        self, opener: Callable[[str], None] = open_place, *, again: str = "", leave: str = ""
    ) -> None:
        """Name the two ways on by what the task does; a decision leads to ホーム."""
        super().__init__()
        self._open = opener
        self._password: PasswordBlock | None = None
        self.banner = Banner()
        self._mark = IconMark("check", "success", 24, "success-soft")
        self._title = Text("", "h1")
        self._body = QVBoxLayout()
        self._body.setSpacing(12)
        home = Button(leave or tr("ホームへ"), "primary", on=self._leave)
        more = Button(again or tr("ほかのファイルを取り扱う"), on=self._again)
        inner = panel(column(self._body, None, margins=(32, 0, 32, 24)))
        whole = column(
            row(self._mark, self._title, None, spacing=16, margins=(32, 26, 32, 18)), spacing=0
        )
        whole.addLayout(column(self.banner, margins=(32, 0, 32, 0)))
        whole.addWidget(Scroll(inner, tr("結果")), 1)
        whole.addLayout(row(None, more, home, spacing=12, margins=(32, 12, 32, 20)))
        self.setLayout(whole)
        self._home = home

    def show_done(self, done: Done) -> None:
        """Show an answer of `classify` or `handle`."""
        empty(self._body)
        failed = sum(1 for one in done.files if one.error is not None)
        if failed == 0:
            self._mark.show_icon("check", "success", "success-soft")
            self._title.setText(tr("終わりました（{n}件）", n=len(done.files)))
        else:
            self._mark.show_icon("alert", "danger", "danger-soft")
            self._title.setText(
                tr("{total}件のうち{n}件ができませんでした", total=len(done.files), n=failed)
            )
        for one in done.files:
            self._body.addWidget(self._file(one))
        self._password = PasswordBlock(done.password) if done.password else None
        if self._password is not None:
            self._body.addWidget(self._password)
        papers = self._papers(done)
        if papers is not None:
            self._body.addWidget(papers)
        self._home.setFocus()
        set_reading_order(self)

    def _file(self, one: DoneFile) -> QWidget:
        name = Path(one.path).name
        level = one.label.c if one.label is not None else None
        if one.error is not None:
            said = told(one.error)
            parts: list[Part] = [Text(name, "h3"), Text(said.cause, "error")]
            parts += [Text(t, r) for t, r in ((said.remedy, "body"), (said.article, "small")) if t]
            if one.error.code == OTHERS:
                parts.append(row(self._consult(one.path, name), None))
            return card(column(*parts, spacing=4, margins=(20, 14, 20, 14)), "error")
        title = row(Text(name, "h3", wrap=False), spacing=10)
        if one.label is not None:
            title.addWidget(tag(label_line(one.label), "danger" if level == 3 else "primary"))  # noqa: PLR2004 - C3
        title.addStretch(1)
        parts = [title]
        parts += [self._line(icon, head, text) for icon, head, text in _facts(one)]
        parts += [self._out(path) for path in one.out]
        if any(note.partition(":")[0] in _TO_BE_TOLD for note in one.notes):
            parts.append(row(None, self._notice(one.path, name)))
        return card(column(*parts, spacing=8, margins=(20, 14, 20, 14)))

    def _consult(self, path: str, name: str) -> Button:
        return Button(
            tr("相談を作成する"),
            small=True,
            icon_name="letter",
            name=tr("{name}の格付の相談を作成する", name=name),
            on=lambda: self.consult_wanted.emit(path),
        )

    def _notice(self, path: str, name: str) -> Button:
        return Button(
            tr("周知の下書きを作る"),
            small=True,
            icon_name="letter",
            name=tr("{name}の格付の変更を周知する下書きを作る", name=name),
            on=lambda: self.notice_wanted.emit(path),
        )

    def show_notice(self, done: Done) -> None:
        """Name the drafts that tell of a changed label; the person sends them (Art. 7-2)."""
        lines: list[Part] = [Text(tr("周知の下書き"), "h3")]
        drafts = dict.fromkeys((done.letter, *(path for one in done.files for path in one.out)))
        lines += [self._out(path) for path in drafts if path]
        self._body.insertWidget(0, card(column(*lines, spacing=8, margins=(20, 14, 20, 14))))
        set_reading_order(self)

    def _line(self, icon: str, head: str, text: str) -> QWidget:
        line = row(IconMark(icon, "success", 18), Text(head, "strong", wrap=False), spacing=10)
        line.addWidget(Text(text, "body"), 1)
        return panel(line)

    def _out(self, path: str) -> QWidget:
        line = row(
            IconMark("folder", "primary", 18), Text(tr("結果"), "strong", wrap=False), spacing=10
        )
        line.addWidget(Elided(path, "body"), 1)
        folder = Button(
            tr("フォルダを開く"),
            small=True,
            name=tr("{name}のフォルダを開く", name=Path(path).name),
            on=lambda: self._open(str(Path(path).parent)),
        )
        line.addWidget(folder)
        return panel(line)

    def _papers(self, done: Done) -> QWidget | None:
        papers = (
            (done.letter, tr("取扱依頼書"), "document"),
            (done.mail, tr("メールの下書き"), "letter"),
            (done.password_slip, tr("パスワード通知書"), "key"),
        )
        lines: list[Part] = [Text(tr("添える書類"), "h3")]
        for path, title, icon in papers:
            if not path:
                continue
            line = row(IconMark(icon, "primary", 18), Text(title, "strong", wrap=False), spacing=10)
            line.addWidget(Elided(path, "small"), 1)
            line.addWidget(
                Button(
                    tr("開く"),
                    small=True,
                    name=tr("{title}を開く", title=title),
                    on=lambda path=path: self._open(path),  # type: ignore[misc]
                )
            )
            lines.append(panel(line))
        if len(lines) == 1:
            return None
        return card(column(*lines, spacing=8, margins=(20, 14, 20, 14)))

    def _forget(self) -> None:
        if self._password is not None:
            self._password.clear_clipboard()
        empty(self._body)
        self._password = None

    def _leave(self) -> None:
        self._forget()
        self.finished.emit()

    def _again(self) -> None:
        self._forget()
        self.more_wanted.emit()


def _facts(one: DoneFile) -> list[tuple[str, str, str]]:
    facts: list[tuple[str, str, str]] = []
    if one.removed:
        removed = "・".join(
            tr("{what} {n}", what=term(f"finding.{r.kind}", r.kind), n=r.count) for r in one.removed
        )
        facts.append(("check", tr("除いた付加情報"), removed))
    if one.left:
        left = "・".join(
            tr("{what} {n}", what=term(f"finding.{f.kind}", f.kind), n=f.count) for f in one.left
        )
        facts.append(("info", tr("残した付加情報"), left))
    if one.method:
        meets = f"　{term(one.meets)}" if one.meets else ""
        facts.append(("lock", tr("保護"), f"{term(f'method.{one.method}')}{meets}"))
    facts += [("info", tr("お知らせ"), note_line(note)) for note in one.notes]
    return facts


def note_line(note: str) -> str:
    """Say what is to be known, with the number or page that stands behind its code."""
    code, _, value = note.partition(":")
    said = term(f"note.{code}")
    if not value:
        return said
    if said.endswith((":", "：")):  # the sentence ends with the number that it tells
        return f"{said} {value}"
    place = place_name(f"page {value}")
    return f"{said}（{place}）"
