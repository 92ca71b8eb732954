"""The one decision screen: files, label, what to do next, and one button that carries it out."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
)

from meti_desk.formats.base import Purpose, Revisions
from meti_desk.services.messages import InspectedFile, PlannedFile, RestrictionOffer, SuggestedFile
from meti_desk.ui.classify.draft import CARRIED_OUT, Draft, proposed
from meti_desk.ui.classify.files import FilesColumn
from meti_desk.ui.classify.label_panel import LabelPanel
from meti_desk.ui.classify.measures import goes_through, merged, proposals
from meti_desk.ui.classify.next_panel import NextPanel
from meti_desk.ui.classify.ordered import order_for, order_line
from meti_desk.ui.classify.planning import Planned, Question, planned
from meti_desk.ui.classify.sources import BY_ID
from meti_desk.ui.findings.look import Look
from meti_desk.ui.icons import IconMark
from meti_desk.ui.jobs import Job
from meti_desk.ui.ledger.dragging import unpack
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.drop import are_many, choose_files, dropped_files
from meti_desk.ui.main.page import Page
from meti_desk.ui.main.pills import PlacePill
from meti_desk.ui.permits.wish import Wish
from meti_desk.ui.strings import told, tr
from meti_desk.ui.widgets.build import Text, column, panel, row, rule
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.columns import Column, Columns
from meti_desk.ui.widgets.order import set_reading_order

if TYPE_CHECKING:
    from meti_desk.services.review_messages import CorrectionTask

_PAUSE = 200
"""Milliseconds without a change before the measures are asked for anew."""


_Read = tuple[tuple[SuggestedFile, ...], tuple[InspectedFile, ...], "CorrectionTask | None"]


class DecidePage(Page):
    """格付して保護."""

    left = Signal()
    carried = Signal(object)
    """The draft, with the whole action to be carried out."""
    many_wanted = Signal(object)
    """All paths, when they became too many for this screen or hold a folder."""
    labelled = Signal(object)
    """The draft, of which only the label is to be given."""

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__(desktop)
        self.draft = Draft(paths, inside=desktop.inside)
        self._suggested: tuple[SuggestedFile, ...] = ()
        self._inspected: tuple[InspectedFile, ...] = ()
        self._plan: tuple[PlannedFile, ...] = ()
        self._asked = 0
        self._chosen = paths[0] if paths else ""
        self.files = FilesColumn()
        self.label = LabelPanel(self.draft)
        self.next = NextPanel(self.draft)
        self._count = Text("", "small", wrap=False)
        self._note = Text("", "small")
        self._stop = Button(tr("やめる"), "quiet", on=self.left.emit)
        self._only = Button(tr("格付だけ行う"), on=lambda: self.labelled.emit(self.draft))
        self._go = Button("", "primary", on=lambda: self.carried.emit(self.draft))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._ask_plan)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self.files.show_files(paths)
        self._show_state()

    def _lay_out(self) -> None:
        top = row(
            IconMark("shield", "primary", 24),
            Text(tr("格付して保護"), "h1", wrap=False),
            self._count,
            None,
            PlacePill(self.desktop),
            spacing=14,
            margins=(28, 14, 28, 14),
        )
        columns = Columns(
            Column(self.files, tr("ファイルと元の文書"), 268, "subtle"),
            Column(self.label, tr("格付"), 0, "page"),
            Column(self.next, tr("次にすること"), 420, "subtle"),
            room=1180,
        )
        bottom = row(spacing=12, margins=(28, 14, 28, 14))
        bottom.addLayout(column(None, self._note, self.next.where, None, spacing=0), 1)
        for button in (self._stop, self._only, self._go):
            bottom.addWidget(button)
        banner = column(self.banner, margins=(28, 0, 28, 0))
        whole = column(panel(top, "page"), banner, rule(), spacing=0)
        whole.addWidget(columns, 1)
        whole.addWidget(rule())
        whole.addWidget(panel(bottom, "page"))
        self.setLayout(whole)

    def _connect(self) -> None:
        self.label.changed.connect(self._changed)
        self.next.changed.connect(self._changed)
        self.desktop.place_changed.connect(self._declared)
        self.files.chosen.connect(self.choose)
        self.files.more_files_wanted.connect(self._add_files)
        self.files.sources_wanted.connect(self._add_sources)
        self.files.record_wanted.connect(self._open_record)
        self.files.picture_wanted.connect(
            lambda: self.desktop.task_wanted.emit("lineage", self._chosen)
        )
        self.files.findings_wanted.connect(self._show_findings)
        self.next.findings_wanted.connect(self._choose_findings)
        self.next.ask_wanted.connect(self._ask_permit)
        self.desktop.waiting_changed.connect(self._changed)
        self.files.sources.accepted.connect(self.add_source)
        self.files.sources.removed.connect(self._remove_source)
        self.files.sources.ignored.connect(self._ignore)
        self.next.consult.wanted.connect(self._consult)
        self.next.consult.answered.connect(self._consulted)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self._paste)

    def shown(self) -> None:
        """Read the files and propose a label."""
        desk = self.desktop.desk
        self.desktop.ask(self, lambda _job: desk.restrictions(), self._offered, self.banner)
        self._read_files()

    def _offered(self, offers: tuple[RestrictionOffer, ...]) -> None:
        self.label.offer(offers)
        set_reading_order(self)

    def _read_files(self) -> None:
        draft, desk = self.draft, self.desktop.desk
        if not draft.paths:
            return

        def work(job: Job) -> _Read:
            suggested = desk.suggest(draft.paths, draft.sources, job)
            inspected = desk.inspect(draft.paths, job)
            return suggested, inspected, order_for(desk.reviews.tasks(), draft.paths)

        self.desktop.ask(self, work, self._read, self.banner)

    def _read(self, found: _Read) -> None:
        self._suggested, self._inspected, order = found
        self.draft.adopt(proposed(self._suggested))
        if order is not None:
            self.draft.follow(order.ordered, order.note)
        self.label.show_order(order_line(order))
        self.files.describe(self._suggested, self._inspected)
        self.files.show_sources(self.draft, self._inspected, self._suggested)
        self.label.show_draft()
        self.choose(self._chosen)
        self._changed()
        set_reading_order(self)

    def choose(self, path: str) -> None:
        """Show the evidence of one file."""
        self._chosen = path
        items = [one for file in self._suggested if file.path == path for one in file.evidence]
        self.label.show_evidence(items)

    def _changed(self) -> None:
        self._plan = ()
        self._show_state()
        self._pause.start()

    def _ask_plan(self) -> None:
        draft, desk = self.draft, self.desktop.desk
        if draft.c is None or not draft.paths:
            return
        self._asked += 1
        asked = self._asked
        given = draft.handle_request() if draft.gives else None
        question = Question(draft.classify_request(), draft.plan_request(), given)

        def done(answer: Planned) -> None:
            if asked == self._asked:
                self.next.giving.show_closing(answer.closing)
                self._planned(answer)

        self.desktop.ask(self, lambda _job: planned(desk, question), done, self.banner)

    def _planned(self, answer: Planned) -> None:
        self.label.show_mark(answer.mark)
        self._plan = plan = answer.plan
        wrong = next((one.error for one in plan if one.error is not None), None)
        self.next.refuse(told(wrong) if wrong is not None else None)
        self.draft.offered = proposals(plan)
        self.next.measures.show_plan(merged(plan), self.draft.permit, self.draft.action)
        self.next.measures.offer_permits(answer.blankets, self.draft.permit_id)
        self._show_state()
        set_reading_order(self)

    def _show_state(self) -> None:
        draft = self.draft
        self._count.setText(tr("{n}件のファイル", n=len(draft.paths)))
        captions = {
            "store": tr("格付して保存する"),
            "provide": tr("保護して提供の準備をする"),
            "publish": tr("公表の準備をする"),
        }
        notes = {
            "store": tr(
                "結果を確かめてから、格付を付けたファイルで置き換えます。内容は変わりません。"
            ),
        }
        self._go.rename(captions.get(draft.action, tr("案内だけの取扱いです")))
        kept = tr("原本は変わりません。結果は確かめてから保存されます。")
        key = tr("署名する鍵のパスワード又は暗証番号を入力してください。")
        why = key if draft.label_complete and draft.key_missing else self._why_not()
        self._note.setText(why or notes.get(draft.action, kept))
        ready = goes_through(self._plan, draft.answers) and not self._elsewhere()
        ready = ready and not draft.key_missing
        carried = draft.action in CARRIED_OUT
        self._go.setEnabled(draft.label_complete and carried and ready)
        self._only.setVisible(draft.action != "store")
        self._only.setEnabled(draft.label_complete)

    def _why_not(self) -> str:
        draft = self.draft
        if not draft.paths:
            return tr("ファイルを置くか、「ファイルを加える」で選んでください。")
        if draft.c is None:
            return tr("機密性を選んでください。")
        if not draft.label_complete:
            return tr("理由を書いてください。")
        if self._elsewhere():
            return tr("「行う」とした措置のうち、ここではまだ行えないものがあります。")
        if self._plan and not goes_through(self._plan, draft.answers):
            return tr("決めていない措置、または許可の要る措置があります。")
        return ""

    def _elsewhere(self) -> bool:
        """Tell whether a measure was found necessary that nothing here carries out."""
        chosen = {name for name, answer in self.draft.answers.items() if answer.startswith("yes")}
        if self.draft.action == "store" or not chosen:
            return False
        from meti_desk.services.handle import NOT_CARRIED_OUT

        return bool(chosen & NOT_CARRIED_OUT)

    def _declared(self) -> None:
        self.draft.inside = self.desktop.inside
        self._changed()

    def add_files(self, paths: list[str]) -> None:
        """Take more files into the same decision."""
        draft = self.draft
        every = tuple(dict.fromkeys((*draft.paths, *paths)))
        if are_many(every):
            self.many_wanted.emit(every)
            return
        draft.paths = every
        self._chosen = self._chosen or draft.paths[0]
        self.files.show_files(draft.paths)
        self._changed()
        self._read_files()

    def _add_files(self) -> None:
        paths = choose_files(self)
        if paths:
            self.add_files(paths)

    def _add_sources(self) -> None:
        paths = choose_files(self)
        if paths:
            self._name_sources((*self.draft.sources, *paths))

    def add_source(self, source: str, title: str) -> None:
        """Take a document as a source: a path, or `id:…` of one that the record knows."""
        self.draft.titles[source] = title
        self._name_sources((*self.draft.sources, source))

    def _name_sources(self, sources: tuple[str, ...]) -> None:
        self.draft.sources = tuple(dict.fromkeys(sources))
        self.files.show_sources(self.draft, self._inspected, self._suggested)
        self._read_files()

    def _remove_source(self, source: str) -> None:
        self._name_sources(tuple(one for one in self.draft.sources if one != source))

    def _ignore(self, text: str) -> None:
        desk = self.desktop.desk
        self.desktop.ask(
            self,
            lambda _job: desk.ignore_passage(text),
            lambda _n: self._read_files(),
            self.banner,
        )

    def _show_findings(self) -> None:
        self.desktop.task_wanted.emit("findings", Look(self.draft.paths))

    def _choose_findings(self) -> None:
        """Let the person see what will be removed, and take the choice into this decision."""
        draft = self.draft
        purpose: Purpose = "publish" if draft.action == "publish" else "provide"

        def answered(keep: tuple[str, ...], revisions: Revisions) -> None:
            draft.keep, draft.revisions = keep, revisions
            self.next.show_draft()

        look = Look(draft.paths, purpose, draft.keep, draft.revisions, answered)
        self.desktop.task_wanted.emit("findings", look)

    def _ask_permit(self) -> None:
        """Ask for a permit for this act on these files; the measures are asked for anew after.

        The label decided here goes with it: it is given to the documents before (Art. 4-1).
        """
        draft = self.draft
        if not draft.label_complete:
            self.label.reason.refuse(tr("理由を書いてください。"))
            self.label.reason.edit.setFocus()
            return
        label = draft.classify_request() if self._label_is_new() else None
        wish = Wish(
            action=draft.action, paths=draft.paths, to=draft.to, area=draft.area, label=label
        )
        self.desktop.task_wanted.emit("ask", wish)

    def _label_is_new(self) -> bool:
        """Tell whether a document stands here without the label that is chosen."""
        draft = self.draft
        chosen = (draft.c, draft.i, draft.a, set(draft.restrictions), set(draft.audience))
        labels = {one.path: one.label for one in self._inspected}

        def stands(path: str) -> bool:
            one = labels.get(path)
            if one is None or not one.decided:
                return False
            return chosen == (one.c, one.i, one.a, set(one.restrictions), set(one.audience))

        return not all(map(stands, draft.paths))

    def _open_record(self) -> None:
        from meti_desk.ui.classify.picker import SourcePicker

        picker = SourcePicker(self.desktop, self)
        picker.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        picker.picked.connect(lambda one, title: self.add_source(f"{BY_ID}{one}", title))
        picker.show()
        picker.ask()

    def _take(self, data: QMimeData) -> None:
        for one in unpack(data):
            self.add_source(f"{BY_ID}{one.id}", one.title)

    def _paste(self) -> None:
        """Take documents that were copied in 取扱記録 as sources."""
        self._take(QGuiApplication.clipboard().mimeData())

    def ask_consult(self) -> None:
        """Offer the 相談: the label that was to be changed is somebody else's (Art. 7-1)."""
        self.next.consult.begin()

    def _consult(self, reason: str) -> None:
        desk, path, order = self.desktop.desk, self._chosen, self.draft.classify_request()
        self.desktop.ask(
            self,
            lambda _job: desk.consult(path, reason, order),
            self.next.consult.show_drafted,
            self.banner,
        )

    def _consulted(self, answer: tuple[str, str, str]) -> None:
        self.draft.consulted = answer
        self._changed()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome more files, and documents of 取扱記録 as sources."""
        if dropped_files(event) or unpack(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them."""
        event.acceptProposedAction()
        self._take(event.mimeData())
        files = dropped_files(event)
        if files:
            self.add_files(files)
